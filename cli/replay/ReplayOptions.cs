using System.CommandLine;
using Pressure.LoadGen;

namespace Pressure.Cli.Replay;

/// <summary>The options of <c>pressure replay</c> that say what is replayed and how; a plan is made of them, so that the same can be run again.</summary>
internal sealed class ReplayOptions
{
    private readonly Option<string> _target = new("--target", "-t") { Description = "What is pressed: http://HOST:PORT, or tcp://HOST:PORT with --tcp", HelpName = "URL", Required = true };
    private readonly Option<string?> _name = new("--name") { Description = "Name for the run (default: that of the capture)" };
    private readonly Option<string[]> _carry = Many("--carry", "Let later requests take over a value of answers: json:PATH, header:NAME or regex:PATTERN; a masked one into a field: 'json:$.token => Authorization: Bearer {}'", "RULE");
    private readonly Option<string[]> _set = Many("--set", "Set a header field", "'NAME: VALUE'");
    private readonly Option<string[]> _rewrite = Many("--rewrite", "Replace what a regular expression finds in path and query: PATTERN=REPLACEMENT or s|PATTERN|REPLACEMENT|", "RULE");
    private readonly Option<string[]> _parameter = Many("--parameter", "Set a parameter of the query", "NAME=VALUE");
    private readonly Option<string[]> _threshold = Many("--threshold", "A criterion of the run: 'http_req_duration: p(95) < 500ms'", "METRIC: LIMIT");
    private readonly Option<bool> _compare = new("--compare") { Description = "Hold the answers against the captured ones" };
    private readonly Option<string[]> _ignore = Many("--ignore", "What does not matter when answers are compared: header:NAME, $.json.path, status, body", "FIELD");
    private readonly Option<string?> _primary = One("--primary", "Compare with the answers of this server, which gets the same requests, instead of the captured ones", "URL");
    private readonly Option<string?> _secondary = One("--secondary", "A second server like --primary: where these two differ it is noise", "URL");
    private readonly Option<string?> _duration = One("--duration", "Longest time (needed with --loop forever)", "TIME");
    private readonly Option<string?> _warmUp = One("--warm-up", "Time at the start that does not count for the summary", "TIME");
    private readonly Option<string?> _seed = One("--seed", "Seed for what is chosen at random", "NUMBER");
    private readonly Option<bool> _noCookies = new("--no-cookies") { Description = "Send the captured cookies unchanged, whatever the target sets" };
    private readonly Option<bool> _tcp = new("--tcp") { Description = "Replay raw TCP too, turn by turn; it may write" };

    // By the plan's keys.
    private readonly Dictionary<string, Option<string?>> _values = new()
    {
        ["speed"] = One("--speed", "How many times as fast as captured (2x, 0.5x), or max", "SPEED"),
        ["rate"] = One("--rate", "Requests per time instead of the captured timing: 500/s", "RATE"),
        ["multiply"] = One("--multiply", "Clients for each captured one", "N"),
        ["jitter"] = One("--jitter", "Copies of a client begin at random moments of this span (default: 1s)", "TIME"),
        ["loop"] = One("--loop", "How often the captures are gone through, or forever", "N"),
        ["align"] = One("--align", "Several captures begin at once (begin), or as they did by the clock (time)", "begin|time"),
        ["connections"] = One("--connections", "With --speed max: clients with a request under way at once (default: 64)", "N"),
        ["share"] = One("--share", "Share of the captured connections that is replayed: 10%", "PERCENT"),
    };

    private readonly Dictionary<string, Option<string[]>> _lists = new()
    {
        ["methods"] = Many("--method", "A method that is replayed besides GET, HEAD and OPTIONS (repeatable); it may write", "METHOD"),
        ["hosts"] = Many("--host-filter", "Replay requests to hosts like this alone (repeatable; * for anything)", "PATTERN"),
        ["paths"] = Many("--path", "Replay paths like this alone (repeatable; * for anything)", "PATTERN"),
        ["except"] = Many("--except", "Do not replay paths like this (repeatable)", "PATTERN"),
        ["remove"] = Many("--remove", "Take a header field away (repeatable)", "NAME"),
        ["removeParameter"] = Many("--remove-parameter", "Take a parameter of the query away (repeatable)", "NAME"),
    };

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            _target, _values["speed"], _values["multiply"], _values["jitter"], _values["rate"], _values["loop"], _duration, _warmUp, _values["align"], _values["connections"],
            _lists["methods"], _lists["hosts"], _lists["paths"], _lists["except"], _values["share"],
            _set, _lists["remove"], _rewrite, _parameter, _lists["removeParameter"], _carry, _noCookies, _tcp,
            _compare, _ignore, _primary, _secondary, _threshold, _seed, _name,
        ];
        foreach (var option in all)
            command.Options.Add(option);
    }

    /// <summary>What was typed as a draft, and all that is no draft at all.</summary>
    public ReplayDraft Draft(ParseResult parsed, IReadOnlyList<string> captures, string? name, List<OptionProblem> problems) => new()
    {
        Name = parsed.GetValue(_name) ?? name ?? NameOf(captures),
        Target = parsed.GetValue(_target),
        Captures = [.. captures.Select(Path.GetFullPath)],
        Values = [.. _values.Select(v => KeyValuePair.Create(v.Key, parsed.GetValue(v.Value))), new("cookies", parsed.GetValue(_noCookies) ? "false" : null), new("tcp", parsed.GetValue(_tcp) ? "true" : null)],
        Lists = [.. _lists.Select(l => KeyValuePair.Create<string, IReadOnlyList<string>>(l.Key, parsed.GetValue(l.Value) ?? []))],
        Maps =
        [
            new("set", Typed<KeyValuePair<string, string>>(parsed, _set, ReplayRules.Field, problems)),
            new("rewritePath", Typed<KeyValuePair<string, string>>(parsed, _rewrite, ReplayRules.Rewrite, problems)),
            new("setParameter", Typed<KeyValuePair<string, string>>(parsed, _parameter, ReplayRules.Parameter, problems)),
        ],
        Carries = Typed<(string, string, string?)>(parsed, _carry, ReplayRules.Carry, problems),
        Compares = parsed.GetValue(_compare),
        Ignore = parsed.GetValue(_ignore) ?? [],
        Primary = parsed.GetValue(_primary),
        Secondary = parsed.GetValue(_secondary),
        Duration = parsed.GetValue(_duration),
        WarmUp = parsed.GetValue(_warmUp),
        Seed = parsed.GetValue(_seed),
        Thresholds = Typed<(string, string)>(parsed, _threshold, ReplayRules.Threshold, problems),
    };

    /// <summary>A problem of the plan that was made of them, in their words.</summary>
    public OptionProblem InTheirWords(PlanProblem problem, LiveReplayOptions live)
    {
        var key = problem.Field.Replace("load.replay.", "", StringComparison.Ordinal);
        var bare = key.Split('[', '.')[0];
        var option = _values.TryGetValue(bare, out var value) ? value.Name
            : _lists.TryGetValue(bare, out var list) ? list.Name
            : bare switch
            {
                "live" => live.OptionOf(key),
                "target" => _target.Name,
                "name" => _name.Name,
                "seed" => _seed.Name,
                "thresholds" => _threshold.Name,
                "set" => _set.Name,
                "rewritePath" => _rewrite.Name,
                "setParameter" => _parameter.Name,
                "carry" => _carry.Name,
                "compare" when key.Contains("ignore", StringComparison.Ordinal) => _ignore.Name,
                "compare" => key.Contains("secondary", StringComparison.Ordinal) ? _secondary.Name : _primary.Name,
                "load" when problem.Field == "load.duration" => _duration.Name,
                "load" when problem.Field == "load.warmUp" => _warmUp.Name,
                _ => "CAPTURE",
            };
        return new(option, problem.Message, problem.Remedy);
    }

    private static List<T> Typed<T>(ParseResult parsed, Option<string[]> option, ReplayRules.Reader<T> reader, List<OptionProblem> problems)
    {
        var read = new List<T>();
        foreach (var text in parsed.GetValue(option) ?? [])
        {
            if (reader(text, out var value) is { } remedy)
                problems.Add(new(option.Name, $"'{text}' can't be read", remedy));
            else
                read.Add(value);
        }

        return read;
    }

    private static string NameOf(IReadOnlyList<string> captures)
    {
        var stem = captures.Count == 0 ? "" : Path.GetFileNameWithoutExtension(captures[0]);
        return $"replay of {(captures.Count == 1 ? stem : $"{stem} and {captures.Count - 1} more")}";
    }

    private static Option<string?> One(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static Option<string[]> Many(string name, string description, string help) => new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => [] };
}

/// <summary>Something wrong with an option.</summary>
internal sealed record OptionProblem(string Option, string Message, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Option}: {Message}. {Remedy}";
}
