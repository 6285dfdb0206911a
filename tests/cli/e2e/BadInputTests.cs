using System.Text;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Plans that can't be run: told with their place, exit code 2, and nothing is sent or written.</summary>
public class BadInputTests
{
    private const string Load = "{ rate: 20/s, duration: 1s }";
    private const string Scenarios = "[ { name: a, steps: [ { get: / } ] } ]";

    [Theory(Timeout = 60_000)]
    [InlineData("no scenario", Load, "[]")]
    [InlineData("no step", Load, "[ { name: a, steps: [] } ]")]
    [InlineData("weight 0", Load, "[ { name: a, weight: 0, steps: [ { get: / } ] } ]")]
    [InlineData("weights of NaN", Load, "[ { name: a, weight: .nan, steps: [ { get: / } ] } ]")]
    [InlineData("NaN rate", "{ rate: NaN, duration: 1s }", Scenarios)]
    [InlineData("YAML's NaN rate", "{ rate: .nan, duration: 1s }", Scenarios)]
    [InlineData("infinite rate", "{ rate: Infinity, duration: 1s }", Scenarios)]
    [InlineData("negative rate", "{ rate: -5/s, duration: 1s }", Scenarios)]
    [InlineData("rate of 0", "{ rate: 0/s, duration: 1s }", Scenarios)]
    [InlineData("endless", "{ rate: 20/s, duration: 999999999h }", Scenarios)]
    [InlineData("two loads", "{ rate: 20/s, pv: { perDay: 1000 }, duration: 1s }", Scenarios)]
    [InlineData("unknown key", "{ rate: 20/s, duraton: 1s }", Scenarios)]
    [InlineData("host behind a user name", Load, "[ { name: a, steps: [ { get: \"http://127.0.0.1@shop.invalid/\" } ] } ]")]
    [InlineData("header smuggling", Load, "[ { name: a, steps: [ { get: /, headers: { X: \"a\\r\\nB: c\" } } ] } ]")]
    public Task A_value_that_makes_no_sense(string what, string load, string scenarios) =>
        IsRefusedAsync(what, $"name: bad\ntarget: http://127.0.0.1:9\nload: {load}\nscenarios: {scenarios}\n");

    [Theory(Timeout = 60_000)]
    [InlineData("nothing", "", 1)]
    [InlineData("not a map", "- 1\n", 1)]
    [InlineData("a million values", "- 1\n", 1_000_000)]
    [InlineData("more than the limit", "# a million lines\n", 1_000_000)]
    [InlineData("deep lists", "[", 100_000)]
    [InlineData("deep maps", "{a: ", 100_000)]
    [InlineData("deep blocks", "- ", 100_000)]
    [InlineData("binary", "\0\u0001\u0002", 1)]
    public Task A_file_that_is_no_plan(string what, string text, int times) => IsRefusedAsync(what, new StringBuilder().Insert(0, text, times).ToString());

    [Fact(Timeout = 60_000)]
    public Task A_YAML_bomb()
    {
        var bomb = new StringBuilder("a0: &a0 [ x, x, x, x, x, x, x, x, x, x ]\n");
        for (var i = 1; i < 12; i++)
            bomb.Append($"a{i}: &a{i} [ {string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))} ]\n");
        return IsRefusedAsync("bomb", bomb + $"name: bad\ntarget: http://127.0.0.1:9\nload: {Load}\nscenarios: *a11\n");
    }

    [Fact(Timeout = 60_000)]
    public async Task All_problems_are_told_at_once_with_line_and_remedy()
    {
        using var program = new PressureProgram().Press("name: bad\ntarget: ftp://127.0.0.1\nload: { rate: many, duration: 1s }\nscenarios: [ { name: a, weight: 0, steps: [ { get: / } ] } ]\n");

        var ended = await program.EndAsync();

        foreach (var place in new[] { "plan.yaml:2:", "plan.yaml:3:", "plan.yaml:4:" })
            Assert.Contains(place, ended.Error, StringComparison.Ordinal);
        Assert.Contains("3 problems; nothing was run.", ended.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("run")]
    [InlineData("run", "missing.yaml")]
    [InlineData("run", ".")]
    [InlineData("run", "missing.yaml", "--fast")]
    [InlineData("rnu", "plan.yaml")]
    [InlineData("report", "missing")]
    [InlineData("pv", "1e12", "--per-machine", "1e-8")]
    [InlineData("pv", "1e13", "--window", "1e-300")]
    [InlineData("pv", "1e13", "--requests-per-page", "10000", "--event", "10000")]
    [InlineData("report", "/dev/null")]
    public async Task A_command_line_that_makes_no_sense(params string[] arguments)
    {
        using var program = new PressureProgram().Start(arguments);

        var ended = await program.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.InRange(ended.Error.Trim().Split('\n').Length, 1, 4);
        Assert.DoesNotContain("Exception", ended.Error, StringComparison.Ordinal);
    }

    private static async Task IsRefusedAsync(string what, string plan)
    {
        using var program = new PressureProgram().Press(plan);

        var ended = await program.EndAsync();

        Assert.True(ended.ExitCode == 2, $"{what}: exit code {ended.ExitCode}. {ended.Output}{ended.Error}");
        Assert.Matches(@"^plan\.yaml:\d+:\d+: ", ended.Error);
        Assert.InRange(ended.Error.Length, 1, 10_000);
        Assert.Equal("", ended.Output);
        Assert.False(Directory.Exists(program.RunFolder));
    }
}
