namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>The first things that people try: page views worked out, and a slip of the keyboard.</summary>
public class FirstStepsTests
{
    [Fact(Timeout = 60_000)]
    public async Task Page_views_are_worked_out_with_the_arithmetic_shown()
    {
        using var program = new PressureProgram();
        var ended = await program.Start("pv", "3000000", "--per-machine", "58").EndAsync();
        Assert.Equal(0, ended.ExitCode);
        foreach (var expected in new[] { "2,400,000 requests in 17,280 s", "138.89", "press 139 QPS", "3 machines" })
            Assert.Contains(expected, ended.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("pv", "-1")]
    [InlineData("pv", "3000000", "--share", "101")]
    [InlineData("pv", "3000000", "--window-hours", "25")]
    [InlineData("pv", "three million")]
    [InlineData("frobnicate")]
    [InlineData("report", "no-such-folder")]
    [InlineData("serve", "--url", "nonsense")]
    public async Task Arguments_that_make_no_sense_are_invalid_input_with_a_message(params string[] arguments)
    {
        using var program = new PressureProgram();
        var ended = await program.Start(arguments).EndAsync();
        Assert.Equal(2, ended.ExitCode);
        Assert.NotEmpty(ended.Error);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }
}
