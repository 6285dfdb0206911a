using System.CommandLine;
using System.Globalization;
using Pressure.Cli.Replay;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Commands;

/// <summary>Options that say which exchanges are taken.</summary>
internal sealed class CaptureFilterOptions
{
    private readonly Option<string[]> _methods = Many("--filter-method", "Take requests of this method alone (repeatable)", "METHOD");
    private readonly Option<string[]> _hosts = Many("--filter-host", "Take requests to hosts like this alone (repeatable; * for anything)", "PATTERN");
    private readonly Option<string[]> _paths = Many("--filter-path", "Take paths like this alone (repeatable; * for anything)", "PATTERN");
    private readonly Option<string[]> _except = Many("--filter-except", "Do not take paths like this (repeatable)", "PATTERN");
    private readonly Option<string[]> _statuses = Many("--filter-status", "Take answers of this class alone: 2xx, 3xx, 4xx, 5xx, or none (repeatable)", "CLASS");
    private readonly Option<string?> _from = One("--filter-from", "Take requests from this time on: 2026-01-31T10:00:00Z", "TIME");
    private readonly Option<string?> _until = One("--filter-until", "Take requests before this time", "TIME");
    private readonly Option<string?> _sample = One("--sample", "The share of connections that is taken, whole ones: 10%", "PERCENT");
    private readonly Option<long> _seed = new("--seed") { Description = "Another number, another sample", HelpName = "NUMBER" };

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _methods, _hosts, _paths, _except, _statuses, _from, _until, _sample, _seed })
            command.Options.Add(option);
    }

    /// <summary>What was typed, and all that can't be understood of it.</summary>
    public FilterRules Read(ParseResult parsed, List<OptionProblem> problems) => new()
    {
        Methods = [.. (parsed.GetValue(_methods) ?? []).Select(m => m.ToUpperInvariant())],
        Hosts = parsed.GetValue(_hosts) ?? [],
        Paths = parsed.GetValue(_paths) ?? [],
        ExceptPaths = parsed.GetValue(_except) ?? [],
        StatusClasses = [.. (parsed.GetValue(_statuses) ?? []).Select(s => StatusClass(s, problems)).Where(s => s >= 0)],
        From = Time(parsed.GetValue(_from), _from.Name, problems) ?? long.MinValue,
        Until = Time(parsed.GetValue(_until), _until.Name, problems) ?? long.MaxValue,
        Share = Share(parsed.GetValue(_sample), problems),
        Seed = (ulong)parsed.GetValue(_seed),
    };

    private static int StatusClass(string text, List<OptionProblem> problems)
    {
        if (text is [>= '1' and <= '5' and var digit, 'x' or 'X', 'x' or 'X'])
            return digit - '0';
        if (text == "none")
            return 0;
        problems.Add(new("--filter-status", $"'{text}' is no class of statuses", "Write 2xx, 3xx, 4xx, 5xx, or none for requests without an answer."));
        return -1;
    }

    private static long? Time(string? text, string option, List<OptionProblem> problems)
    {
        if (text is null)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is > 1970 and < 2200)
            return (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
        problems.Add(new(option, $"'{text}' is no time", "Write 2026-01-31T10:00:00Z; without a zone it is UTC."));
        return null;
    }

    private static double Share(string? text, List<OptionProblem> problems)
    {
        if (text is null)
            return 1;
        var isPercent = text.EndsWith('%');
        if (double.TryParse(text.AsSpan().TrimEnd("% "), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (isPercent ? number / 100 : number) is > 0 and <= 1 and var share)
            return share;
        problems.Add(new("--sample", $"'{text}' is no share", "Write a percentage above 0 % and up to 100 %, such as 10%."));
        return 1;
    }

    private static Option<string[]> Many(string name, string description, string help) => new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => [] };

    private static Option<string?> One(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
