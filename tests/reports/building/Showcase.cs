namespace Pressure.Reports.Tests;

/// <summary>Writes demonstration reports to a folder named in PRESSURE_SHOWCASE, to be looked at.</summary>
public class Showcase
{
    [Fact]
    public async Task Writes_reports_to_look_at_when_asked()
    {
        if (Environment.GetEnvironmentVariable("PRESSURE_SHOWCASE") is not { Length: > 0 } folder)
            return;
        foreach (var language in Enum.GetValues<ReportLanguage>())
        {
            foreach (var (name, run) in Runs())
            {
                var into = Directory.CreateDirectory(Path.Combine(folder, $"{name}-{language}".ToLowerInvariant())).FullName;
                var (_, files) = await ReportWriter.WriteAsync(run, into, new ReportOptions(language), TestContext.Current.CancellationToken);
                Assert.Null(files.PdfProblem);
            }
        }
    }

    private static IEnumerable<(string, Record.RunRecord)> Runs() =>
    [
        ("failed", DemoRun.Build()),
        ("passed", DemoRun.Build(seconds: 30, troubled: false, failing: false)),
    ];
}
