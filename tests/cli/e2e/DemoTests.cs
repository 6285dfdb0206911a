using System.Diagnostics;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>The main job from end to end: the shop as a process, load from page views, verdict, HTML, PDF.</summary>
public class DemoTests
{
    [Theory(Timeout = 180_000)]
    [InlineData("en", "Passed", "page views a day")]
    [InlineData("zh", "通过", "商城高峰")]
    public async Task The_demo_passes_and_its_PDF_holds_verdict_arithmetic_and_figures(string language, string verdict, string also)
    {
        using var program = new PressureProgram();
        program.Start("demo", "--lang", language, "--out", program.RunFolder);
        var ended = await program.EndAsync();

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        var summary = program.Summary();
        Assert.Equal(4170, summary.GetProperty("requests").GetProperty("sent").GetInt64());
        var text = await TextOf(Path.Combine(program.RunFolder, "report.pdf"));
        foreach (var expected in new[] { verdict, also, "138.89", "139", "p95", "CPU", "3,000,000", "17,280" })
            Assert.Contains(expected, text, StringComparison.Ordinal);
    }

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

    private static async Task<string> TextOf(string pdf)
    {
        using var pdftotext = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", pdf, "-"]) { RedirectStandardOutput = true })!;
        var text = await pdftotext.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pdftotext.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text;
    }
}
