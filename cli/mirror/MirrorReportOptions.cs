using System.CommandLine;
using Pressure.Cli.Commands;
using Pressure.Cli.Replay;
using Pressure.Reports;

namespace Pressure.Cli.Mirror;

/// <summary>The options of <c>pressure mirror</c> that ask for a report of what it did.</summary>
internal sealed class MirrorReportOptions
{
    private readonly Option<string?> _out = SharedOptions.Out("Write a report of the session into this folder: mirror.json, mirror.html, mirror.pdf");
    private readonly Option<ReportLanguage> _language = SharedOptions.Language();
    private readonly Option<bool> _noReport = new("--no-report") { Description = "Write mirror.json alone into --out" };

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _out, _language, _noReport })
            command.Options.Add(option);
    }

    /// <summary>What was typed, and all that is wrong with it; null when no report is asked for.</summary>
    public MirrorReporting? Read(ParseResult parsed, List<OptionProblem> problems)
    {
        if (parsed.GetValue(_out) is not { } folder)
        {
            problems.AddRange(new Option[] { _language, _noReport }.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => new OptionProblem(o.Name, "It is for the report", "Add --out DIR.")));
            return null;
        }
        if (File.Exists(folder))
            problems.Add(new(_out.Name, $"{folder} is a file", "Name a folder."));
        else if (File.Exists(Path.Combine(folder, MirrorReportWriter.JsonFile)))
            problems.Add(new(_out.Name, $"{folder} holds the report of a mirror already", "Name another folder."));
        var asPages = !parsed.GetValue(_noReport);
        return new(folder, new ReportOptions(parsed.GetValue(_language), Html: asPages, Pdf: asPages));
    }
}

/// <summary>The report that a mirror is to write.</summary>
/// <param name="Folder">Where.</param>
/// <param name="Options">In which language, and as which files.</param>
internal sealed record MirrorReporting(string Folder, ReportOptions Options);
