using System.CommandLine;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary>Options that several commands have; each call makes one for its own command.</summary>
internal static class SharedOptions
{
    public static Option<string?> Out(string description) => new("--out", "-o") { Description = description, HelpName = "DIR" };

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON on standard output, for machines" };

    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Print only the verdict" };

    public static Option<bool> NoReport() => new("--no-report") { Description = "Write no HTML and no PDF (summary.json, junit.xml and the logs are always written)" };

    public static Option<string[]> Allow() => new("--allow") { Description = "A host that may be pressed besides this machine (repeatable): HOST or HOST:PORT", HelpName = "HOST", DefaultValueFactory = _ => [] };

    public static Option<ReportLanguage> Language(string description = "Language of the report: en or zh") => new("--lang")
    {
        Description = description,
        HelpName = "en|zh",
        CustomParser = result => result.Tokens is [var token] && Enum.TryParse<ReportLanguage>(token.Value, ignoreCase: true, out var language) && Enum.IsDefined(language)
            ? language
            : Reject(result),
    };

    private static ReportLanguage Reject(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError("--lang takes en or zh.");
        return ReportLanguage.En;
    }
}
