using System.Text.Json;

namespace Pressure.Reports;

/// <summary><c>summary.json</c>: written for machines, and read again by the list of runs.</summary>
public static class SummaryFile
{
    /// <summary>Its name in a run folder.</summary>
    public const string Name = "summary.json";

    /// <summary>The summary as text.</summary>
    public static string Write(RunSummary summary) => JsonSerializer.Serialize(summary, ReportJson.Indented) + "\n";

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The text is not a summary.</exception>
    public static RunSummary Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<RunSummary>(text, ReportJson.Indented) ?? throw new InvalidDataException("The summary is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Not a summary of a run: {e.Message}", e);
        }
    }

    /// <summary>The summary in a run folder; null when none has been written there.</summary>
    /// <exception cref="InvalidDataException">The file is not a summary.</exception>
    public static RunSummary? ReadFrom(string runFolder)
    {
        var path = Path.Combine(runFolder, Name);
        return File.Exists(path) ? Read(File.ReadAllText(path)) : null;
    }
}
