using System.Diagnostics;
using Pressure.TestKit;

namespace Pressure.Reports.Tests;

public class ReportWriterTests
{
    [Fact]
    public async Task The_PDF_holds_verdict_figures_and_Chinese()
    {
        using var folder = new TempFolder();
        var (_, files) = await ReportWriter.WriteAsync(DemoRun.Build(seconds: 20, troubled: false, failing: false), folder.Path, new ReportOptions(), TestContext.Current.CancellationToken);
        Assert.Null(files.PdfProblem);
        var text = await PdfTextAsync(files.Pdf!);
        foreach (var expected in new[] { "Passed", "Carried 139 requests/s", "138.89", "p95", "双十一", "搜索", "CPU", "Load average" })
            Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Matches(@"1\s*/\s*\d", text);
    }

    [Fact]
    public async Task Only_whole_files_are_left_behind()
    {
        using var folder = new TempFolder();
        await ReportWriter.WriteAsync(DemoRun.Build(seconds: 10), folder.Path, new ReportOptions(Pdf: false), TestContext.Current.CancellationToken);
        Assert.Equal(["histograms.hlog", "junit.xml", "report.html", "summary.json"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Without_Chromium_the_problem_says_what_to_install()
    {
        var (path, problem) = Chromium.Find(name => name == "PATH" ? "/nowhere" : null);
        Assert.Null(path);
        Assert.Contains("apt-get install chromium", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_browser_that_is_named_and_missing_is_said()
    {
        var (path, problem) = Chromium.Find(name => name == Chromium.Variable ? "/nowhere/chromium" : null);
        Assert.Null(path);
        Assert.Contains("PRESSURE_CHROMIUM names '/nowhere/chromium'", problem, StringComparison.Ordinal);
    }

    private static async Task<string> PdfTextAsync(string pdf)
    {
        using var process = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", pdf, "-"]) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text;
    }
}
