using System.Text;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Data;

public sealed class DataFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("v.csv", "\ufeffid,商品\r\n1,\"a, \"\"b\"\"\nc\"\r\n2,\r\n")]
    [InlineData("v.json", "[ { \"id\": 1, \"商品\": \"a, \\\"b\\\"\\nc\" }, { \"商品\": null, \"id\": 2 } ]")]
    public void Values_are_read_as_written(string name, string text)
    {
        var table = Read(name, Encoding.UTF8.GetBytes(text), out var problems)!;

        Assert.Empty(problems);
        Assert.Equal(["id", "商品"], table.Columns);
        Assert.Equal(["1", "a, \"b\"\nc", "2", ""], Enumerable.Range(0, table.Rows * 2).Select(i => Encoding.UTF8.GetString(table[i / 2, i % 2])));
    }

    [Theory]
    [InlineData("v.csv", "", 1, "empty")]
    [InlineData("v.csv", "id,name\n", 1, "no rows")]
    [InlineData("v.csv", "id,id\n1,2\n", 1, "two columns")]
    [InlineData("v.csv", "id,\n1,2\n", 1, "no usable name")]
    [InlineData("v.csv", "id,name\n1,2\n3\n", 3, "1 values, but there are 2")]
    [InlineData("v.csv", "id,name\n1,2\n3,4,5\n", 3, "3 values, but there are 2")]
    [InlineData("v.csv", "id\n1\n\"2\n", 3, "quote")]
    [InlineData("v.json", "{}", 1, "not a JSON array")]
    [InlineData("v.json", "[\n{ \"a\": 1 },\n{ \"a\": }]", 3, "not JSON")]
    [InlineData("v.json", "[]", 1, "no rows")]
    [InlineData("v.json", "[ 1 ]", 1, "item 1 does not")]
    [InlineData("v.json", "[ { \"a\": 1 }, { \"b\": 1 } ]", 1, "item 2 does not")]
    [InlineData("v.json", "[ { \"a\": [ 1 ] } ]", 1, "a list")]
    public void What_is_wrong_is_told_with_its_line(string name, string text, int line, string message)
    {
        Assert.Null(Read(name, Encoding.UTF8.GetBytes(text), out var problems));

        var problem = Assert.Single(problems);
        Assert.Equal((line, "data[0].file"), (problem.Line, problem.Field));
        Assert.Contains(message, problem.Message);
        Assert.EndsWith(name, problem.File);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_told_with_their_line()
    {
        Read("v.csv", [.. "id\n1\n"u8, 0xC4, 0xE3, (byte)'\n'], out var problems);

        Assert.Equal((3, "the file is not UTF-8 from here on"), (Assert.Single(problems).Line, problems[0].Message));
    }

    [Fact]
    public void A_file_that_is_too_large_or_missing_is_a_problem()
    {
        using (var file = File.Create(_folder.File("large.csv")))
            file.SetLength(DataFile.MaxBytes + 1);

        Assert.Contains("larger than 64 MiB", ProblemOf("large.csv").Message);
        Assert.Contains("no such file", ProblemOf("none.csv").Message);
        Assert.Contains("folder", ProblemOf(".").Message);
    }

    [Fact]
    public void A_thousand_ragged_rows_are_not_a_thousand_problems()
    {
        Read("v.csv", Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1\n", 1000))), out var problems);

        Assert.Equal(10, problems.Count);
    }

    private PlanProblem ProblemOf(string name)
    {
        var problems = new ProblemList("plan.yaml");
        Assert.Null(DataFile.Read(_folder.File(name), new(_folder.File(name), "data[0].file", problems)));
        return Assert.Single(problems.InOrder());
    }

    private DataTable? Read(string name, byte[] bytes, out IReadOnlyList<PlanProblem> problems)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        var list = new ProblemList("plan.yaml");
        var table = DataFile.Read(_folder.File(name), new(_folder.File(name), "data[0].file", list));
        problems = list.InOrder();
        return table;
    }
}
