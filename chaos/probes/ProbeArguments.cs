using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>A probe's arguments, checked against what it takes.</summary>
/// <param name="kind">What the probe takes.</param>
/// <param name="arguments">As written.</param>
internal sealed class ProbeArguments(ProbeDescription kind, JsonObject arguments)
{
    // Arguments of probes are written as those of faults are.
    private readonly FaultDescription _takes = new() { Kind = kind.Kind, Summary = kind.Summary, Target = TargetKind.Host, Parameters = kind.Parameters };
    private readonly List<string> _problems = [];

    /// <summary>Text; empty if it was left away and has no default.</summary>
    public string Text(string name) => FaultArguments.Text(_takes, arguments, name) ?? "";

    /// <summary>A whole number from a range; its lower end if it can't be read.</summary>
    public int Number(string name, int least, int most)
    {
        var number = FaultArguments.Number(Text(name));
        if (number < least || number > most)
            Problem($"'{Text(name)}' for '{name}' of {kind.Kind} is not from {least} to {most}.");
        return (int)Math.Clamp(number ?? least, least, most);
    }

    /// <summary>A span of time; a second if it can't be read.</summary>
    public TimeSpan Duration(string name) => FaultArguments.Duration(Text(name)) ?? TimeSpan.FromSeconds(1);

    /// <summary>true or false.</summary>
    public bool Flag(string name) => Text(name) == "true";

    /// <summary>An object of texts; empty if it was left away.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name)
    {
        if (arguments[name] is null)
            return new Dictionary<string, string>();
        if (arguments[name] is JsonObject texts && texts.All(t => t.Value is JsonValue))
            return texts.ToDictionary(t => t.Key, t => t.Value!.ToString());
        Problem($"'{name}' of {kind.Kind} is no object of names and texts.");
        return new Dictionary<string, string>();
    }

    /// <summary>Notes something that is wrong besides what the types say.</summary>
    public void Problem(string sentence) => _problems.Add(sentence);

    /// <summary>Throws if anything is wrong, with all of it.</summary>
    /// <exception cref="ArgumentException">Arguments are wrong.</exception>
    public void Check()
    {
        string[] all = [.. FaultArguments.Problems(_takes, arguments), .. _problems];
        if (all.Length > 0)
            throw new ArgumentException(string.Join(' ', all.Distinct()));
    }
}
