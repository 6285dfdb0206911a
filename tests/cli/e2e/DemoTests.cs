using System.Diagnostics;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>The main job from end to end: the shop as a process, load from page views, verdict, HTML, PDF.</summary>
public abstract class DemoTests(string language, string verdict, string also)
{
    [Fact(Timeout = 180_000)]
    public async Task The_demo_passes_and_its_PDF_holds_verdict_arithmetic_and_figures()
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

    private static async Task<string> TextOf(string pdf)
    {
        using var pdftotext = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", pdf, "-"]) { RedirectStandardOutput = true })!;
        var text = await pdftotext.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pdftotext.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text;
    }
}

// Two classes, so that they run side by side.
[NeedsQuiet]
public sealed class EnglishDemoTests() : DemoTests("en", "Passed", "page views a day");

[NeedsQuiet]
public sealed class ChineseDemoTests() : DemoTests("zh", "通过", "商城高峰");
