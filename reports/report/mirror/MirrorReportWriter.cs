using System.Text.Json;
using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Writes what a mirror did into a folder: <c>mirror.json</c> for machines, <c>mirror.html</c> and <c>mirror.pdf</c> for people.</summary>
public static class MirrorReportWriter
{
    /// <summary>The file for machines.</summary>
    public const string JsonFile = "mirror.json";

    /// <summary>Writes them, each whole or not at all.</summary>
    /// <returns>The files; where there is no PDF, why and how to get one.</returns>
    /// <exception cref="IOException">The folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static async Task<MirrorReportFiles> WriteAsync(string folder, MirrorSession session, ReportOptions options, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        string In(string ending) => Path.Combine(folder, "mirror." + ending);
        var json = Path.Combine(folder, JsonFile);
        WholeFile.Write(json, JsonSerializer.Serialize(session, ReportJson.Indented) + "\n");
        if (!options.Html)
            return new(json, null, null, null);
        WholeFile.Write(In("html"), MirrorReport.Render(session, options.Language));
        if (!options.Pdf)
            return new(json, In("html"), null, null);
        var problem = await PdfPrinter.PrintAsync(In("html"), In("pdf"), stop);
        return new(json, In("html"), problem is null ? In("pdf") : null, problem);
    }
}

/// <summary>What was written of a mirror. <see cref="PdfProblem"/> says why there is no PDF.</summary>
public sealed record MirrorReportFiles(string Json, string? Html, string? Pdf, string? PdfProblem);
