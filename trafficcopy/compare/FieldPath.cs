using System.Text.RegularExpressions;

namespace Pressure.TrafficCopy;

/// <summary>A step from a JSON value into one of those within it: by name, or (null) by index.</summary>
internal readonly record struct PathStep(string? Name, int Index);

/// <summary>
/// A pattern of JSON paths: <c>$.time</c>, <c>$.items[*].id</c>, <c>$.a[0]</c>, <c>$['a name']</c>, <c>$.users.*.name</c>; <c>$..id</c> for an
/// <c>id</c> at any depth. It names a value with all that is within.
/// </summary>
internal sealed partial class FieldPath
{
    private const int Longest = 1_000;

    private readonly Step[] _steps;
    private readonly bool _anywhere;

    private FieldPath(Step[] steps, bool anywhere) => (_steps, _anywhere) = (steps, anywhere);

    /// <summary>Reads a pattern; null when it is none.</summary>
    public static FieldPath? Parse(string text)
    {
        if (text.Length > Longest || PathText().Match(text) is not { Success: true } match)
            return null;
        var anywhere = text.StartsWith("$..", StringComparison.Ordinal);
        return new FieldPath([.. match.Groups["step"].Captures.Select(c => StepOf(c.Value))], anywhere);
    }

    /// <summary>Whether it names the value that these steps lead to.</summary>
    public bool Names(List<PathStep> path)
    {
        if (_anywhere ? path.Count < _steps.Length : path.Count != _steps.Length)
            return false;
        var offset = path.Count - _steps.Length;
        for (var i = 0; i < _steps.Length; i++)
        {
            if (!_steps[i].Fits(path[offset + i]))
                return false;
        }
        return true;
    }

    private static Step StepOf(string text) => text switch
    {
        "[*]" => new(AnyIndex: true),
        ".*" or "..*" or "*" => new(AnyName: true),
        ['[', '\'' or '"', .. var name, _, ']'] => new(name),
        ['[', .. var digits, ']'] => new(Index: int.Parse(digits)),
        _ => new(text.TrimStart('.')),
    };

    [GeneratedRegex("""
        \A \$ (?<step> \.\. (\*|[\p{L}_$][\p{L}\p{N}_$-]*) )?
        ( (?<step> \.(\*|[\p{L}_$][\p{L}\p{N}_$-]*) ) | (?<step> \[\*\] ) | (?<step> \['[^'\\]*'\] ) | (?<step> \["[^"\\]*"\] ) | (?<step> \[[0-9]{1,8}\] ) )* \z
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex PathText();

    private readonly record struct Step(string? Name = null, int Index = 0, bool AnyName = false, bool AnyIndex = false)
    {
        public bool Fits(PathStep step) => step.Name is { } name
            ? AnyName || name == Name
            : AnyIndex || (Name is null && !AnyName && step.Index == Index);
    }
}
