using System.CommandLine;
using Pressure.Cli.Replay;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Commands;

/// <summary>Options that say what is masked before it is written.</summary>
internal sealed class CaptureMaskOptions
{
    private readonly Option<string[]> _mask = new("--mask")
    {
        Description = "Mask this too (repeatable): header:NAME, cookie:NAME, query:NAME, form:NAME, json:NAME, json:$.users[*].name, name:NAME (any of these), regex:PATTERN, or body for all bodies",
        HelpName = "WHAT",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _keep = new("--keep")
    {
        Description = "Do not mask this, though it looks like a secret (repeatable): header:NAME, cookie:NAME, query:NAME, form:NAME, json:NAME, or name:NAME",
        HelpName = "WHAT",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _with = new("--mask-with")
    {
        Description = "stars: every masked value becomes ***; hash: equal values become equal words, by a key that is kept nowhere",
        HelpName = "stars|hash",
        DefaultValueFactory = _ => "stars",
    };

    private readonly Option<bool> _none = new("--no-mask") { Description = "Write credentials, cookies and secrets as they are; nothing but --mask is masked" };

    public CaptureMaskOptions() => _with.AcceptOnlyFromAmong("stars", "hash");

    /// <summary>Those that take masks away.</summary>
    public IReadOnlyList<Option> Unmasking => [_keep, _none];

    /// <summary>What is to be masked besides the usual, as typed.</summary>
    public IReadOnlyList<string> Masks(ParseResult parsed) => parsed.GetValue(_mask) ?? [];

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _mask, _keep, _with, _none })
            command.Options.Add(option);
    }

    /// <summary>Names of those that were typed.</summary>
    public IEnumerable<string> Given(ParseResult parsed) => new Option[] { _mask, _keep, _with, _none }.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name);

    /// <summary>What was typed, and all that can't be understood of it.</summary>
    public MaskRules Read(ParseResult parsed, List<OptionProblem> problems)
    {
        var basis = parsed.GetValue(_none) ? MaskRules.None : MaskRules.Default;
        var rules = MaskSpec.Read(basis with { Hash = parsed.GetValue(_with) == "hash" }, parsed.GetValue(_mask) ?? [], parsed.GetValue(_keep) ?? [], out var wrong);
        problems.AddRange(wrong.Select(w => new OptionProblem("--mask", w.Split(". ", 2)[0].TrimEnd('.'), w.Split(". ", 2) is [_, var remedy] ? remedy : "")));
        return rules;
    }
}
