using System.Text;
using System.Text.Json.Nodes;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests;

public sealed class PlanSyntaxTests
{
    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("# nothing\n", 1, "empty")]
    [InlineData("plain text", 1, "should be a map")]
    [InlineData("[ 1 ]", 1, "should be a map")]
    [InlineData("name: a\n---\nname: b", 2, "more than one YAML document")]
    [InlineData("name: &a x\ntarget: *a", 2, "alias")]
    [InlineData("name: !!binary aGk=", 1, "tag")]
    [InlineData("name: !custom x", 1, "tag")]
    [InlineData("name: a\nload: {\n  rate: 1/s\n", 4, "")]
    [InlineData("name: a: b", 1, "invalid mapping")]
    [InlineData("name: [\n1\n]", 1, "")]
    [InlineData("name: \"open", 1, "")]
    [InlineData("name: a\n\0", 2, "control character U+0000")]
    [InlineData("name: a\u0007", 1, "control character U+0007")]
    public void A_file_that_is_no_plan_is_refused_at_its_line(string text, int line, string message)
    {
        var problem = PlanReader.Parse(text, "plan.yaml").Problems[0];

        Assert.Contains(message, problem.Message);
        Assert.Equal(line, problem.Line);
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused_before_it_goes_off()
    {
        var bomb = new StringBuilder("a: &a [ x, x, x, x, x, x, x, x, x ]\n");
        for (var c = 'b'; c < 'z'; c++)
            bomb.Append($"{c}: &{c} [ {string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9))} ]\n");

        Assert.Contains("alias", Assert.Single(PlanReader.Parse(bomb.ToString(), "bomb").Problems).Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Bottomless_nesting_is_refused(string level) =>
        Assert.Contains("nested deeper", Assert.Single(PlanReader.Parse(string.Concat(Enumerable.Repeat(level, 500_000)), "deep").Problems).Message);

    [Fact]
    public void A_million_lines_are_refused_with_a_list_that_people_can_read()
    {
        var many = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"key{i}: 1\n"));
        var problems = PlanReader.Parse(many, "plan.yaml").Problems;

        Assert.Equal(101, problems.Count);
        Assert.Equal("and 39904 more problems", problems[^1].Message);
        Assert.Contains("more than 100,000 values", PlanReader.Parse(many + many + many, "plan.yaml").Problems[0].Message);
        Assert.Contains("4 MiB", PlanReader.Parse(new string('\n', PlanReader.MaxBytes + 1), "plan.yaml").Problems[0].Message);
    }

    [Fact]
    public void Json_with_tabs_and_escapes_is_read_by_the_same_reader()
    {
        var plan = Plans.Read("{\n\t\"name\": \"x\",\r\n\t\"target\": \"http:\\/\\/127.0.0.1\",\t\"load\":{\"rate\":\"5\\u002fs\",\"duration\":\"1m\"},\n\t\"scenarios\":[{\"weight\":2.5,\"steps\":[{\"get\":\"/\\u5546\"},{\"post\":\"/\",\"json\":{\"a\":[1,null,\"\\ud83d\\ude00\"]}}]}]\n}\n");

        Assert.Equal(("x", 2.5m), (plan.Name, plan.Scenarios[0].Weight));
        Assert.Equal("http://127.0.0.1/%E5%95%86", plan.Requests[0].Url.AbsoluteUri);
        Assert.Equal("😀", (string)JsonNode.Parse(Plans.BodyOf(plan.Requests[1]))!["a"]![2]!);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_do_no_harm() =>
        Assert.Equal("test", Plans.Read("\ufeff" + Plans.With().ReplaceLineEndings("\r\n")).Name);

    [Fact]
    public void Files_that_cant_be_read_are_problems_not_exceptions()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("latin1.yaml"), [(byte)'n', 0xe9, (byte)'\n']);
        File.WriteAllBytes(folder.File("utf16.yaml"), Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("name: x")).ToArray());
        File.WriteAllBytes(folder.File("large.yaml"), new byte[PlanReader.MaxBytes + 1]);
        File.WriteAllText(folder.File("good.yaml"), Plans.With());

        Assert.Contains("no such file", Problem("missing.yaml"));
        Assert.Contains("no such file", Problem("missing/missing.yaml"));
        Assert.Contains("a folder", PlanReader.ReadFile(folder.Path).Problems[0].Message);
        Assert.Contains("not UTF-8", Problem("latin1.yaml"));
        Assert.Contains("not UTF-8", Problem("utf16.yaml"));
        Assert.Contains("4 MiB", Problem("large.yaml"));
        Assert.Contains("can't be read", PlanReader.ReadFile("").Problems[0].Message);
        Assert.Contains("can't be read", PlanReader.ReadFile("a\0b").Problems[0].Message);
        Assert.Empty(PlanReader.ReadFile(folder.File("good.yaml")).Problems);

        string Problem(string name) => Assert.Single(PlanReader.ReadFile(folder.File(name)).Problems).Message;
    }

    [Theory]
    [InlineData("targt", "target")]
    [InlineData("Target", "target")]
    [InlineData("tagret", "target")]
    [InlineData("threshold", "thresholds")]
    [InlineData("host", "hosts")]
    [InlineData("warmup", null)]
    [InlineData("zzz", null)]
    public void A_misspelt_key_finds_the_nearest(string key, string? meant) => Assert.Equal(meant, Suggestion.For(key, PlanKeys.Plan.Keys));
}
