using Pressure.Record;

namespace Pressure.Reports;

/// <summary>The language a report is written in.</summary>
public enum ReportLanguage
{
    /// <summary>English.</summary>
    En,

    /// <summary>Chinese (simplified).</summary>
    Zh,
}

/// <summary>What to write beside <c>summary.json</c>, <c>junit.xml</c> and <c>histograms.hlog</c>, which are always written.</summary>
/// <param name="Language">Language of HTML and PDF.</param>
/// <param name="Html">Write <c>report.html</c>.</param>
/// <param name="Pdf">Print <c>report.pdf</c> from it (needs Chromium).</param>
public sealed record ReportOptions(ReportLanguage Language = ReportLanguage.En, bool Html = true, bool Pdf = true);

/// <summary>What was written. <see cref="PdfProblem"/> says why there is no PDF and how to get one.</summary>
public sealed record ReportFiles(string SummaryJson, string JUnitXml, string HistogramLog, string? Html, string? Pdf, string? PdfProblem);

/// <summary>Reads a run folder and writes everything that people and machines read of it into the same folder.</summary>
public static class ReportWriter
{
    /// <summary>Writes the summary and reports of a run, finished or not, and returns both. Each file is written whole or not at all.</summary>
    /// <exception cref="InvalidDataException">Not a run folder.</exception>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static Task<(RunSummary Summary, ReportFiles Files)> WriteAsync(string runFolder, ReportOptions options, CancellationToken stop) =>
        WriteAsync(Measurement.Read(runFolder), runFolder, options, stop);

    /// <summary>The same for a record that has been read already.</summary>
    internal static Task<(RunSummary Summary, ReportFiles Files)> WriteAsync(RunRecord run, string runFolder, ReportOptions options, CancellationToken stop) =>
        WriteAsync((run, Measurement.Of(run)), runFolder, options, stop);

    private static async Task<(RunSummary Summary, ReportFiles Files)> WriteAsync(
        (RunRecord Run, Measurement Measurement) read, string runFolder, ReportOptions options, CancellationToken stop)
    {
        var run = read.Run;
        string In(string name) => Path.Combine(runFolder, name);
        var summary = Summarizer.Summarize(run, read.Measurement);
        stop.ThrowIfCancellationRequested();
        WholeFile.Write(In(SummaryFile.Name), SummaryFile.Write(summary));
        WholeFile.Write(In(JUnitFile.Name), JUnitFile.Write(summary));
        WholeFile.Write(In("histograms.hlog"), text => HistogramLog.Write(text, run.Manifest, run.Intervals));
        var files = new ReportFiles(In(SummaryFile.Name), In(JUnitFile.Name), In("histograms.hlog"), null, null, null);
        if (!options.Html && !options.Pdf)
            return (summary, files);

        var html = HtmlReport.Render(new ReportModel(run, summary, options.Language, read.Measurement));
        stop.ThrowIfCancellationRequested();
        WholeFile.Write(In(HtmlReport.Name), html);
        files = files with { Html = In(HtmlReport.Name) };
        if (!options.Pdf)
            return (summary, files);

        var problem = await PdfPrinter.PrintAsync(In(HtmlReport.Name), In(PdfPrinter.Name), stop);
        return (summary, files with { Pdf = problem is null ? In(PdfPrinter.Name) : null, PdfProblem = problem });
    }
}
