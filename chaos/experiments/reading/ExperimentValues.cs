using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pressure.Chaos;

/// <summary>
/// What <c>${name}</c> stands for, and its replacement as Chaos Toolkit does it: <c>${name}</c> and <c>$name</c> inside a text become text,
/// a text that is nothing but <c>${name}</c> becomes the value with its type, <c>$$</c> a dollar sign; a name that nobody knows stays as it is.
/// </summary>
internal sealed partial class ExperimentValues(
    IReadOnlyDictionary<string, ExperimentNode> configuration, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> secrets, ExperimentProblems problems)
{
    private const int MostNodes = 100_000;
    private const int LongestText = 4 * 1024 * 1024;

    private int _nodes;
    private int _characters;

    public IReadOnlyDictionary<string, JsonNode?> Configuration => configuration.ToDictionary(c => c.Key, c => c.Value.ToJson());

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Secrets => secrets;

    /// <summary>Everything below a node replaced; keys stay.</summary>
    public ExperimentNode Replace(ExperimentNode node) => configuration.Count + secrets.Count == 0 ? node : ReplaceIn(node);

    /// <summary>Names that stand in a text and that nobody knows.</summary>
    public IEnumerable<string> Unknown(string text) =>
        Placeholder().Matches(text).Select(m => m.Groups["braced"].Value).Where(name => name.Length > 0 && Find(name) is null).Distinct();

    private ExperimentNode ReplaceIn(ExperimentNode node)
    {
        if (_nodes > MostNodes)
            return node;
        return node switch
        {
            ExperimentNode.Scalar { Value: string text } scalar when text.Contains('$') => ReplaceIn(scalar, text),
            ExperimentNode.List list => list with { Items = [.. list.Items.Select(ReplaceIn)] },
            ExperimentNode.Map map => map with { Entries = [.. map.Entries.Select(e => e with { Value = ReplaceIn(e.Value) })] },
            _ => node,
        };
    }

    private ExperimentNode ReplaceIn(ExperimentNode.Scalar at, string text)
    {
        if (Whole().Match(text) is { Success: true } whole && Find(whole.Groups[1].Value) is { } value)
            return !Fits(at, Count(value), 0) ? at : value is ExperimentNode.Scalar scalar ? at with { Value = scalar.Value, Secret = scalar.Secret } : value;
        var secret = at.Secret;
        var replaced = Placeholder().Replace(text, match =>
        {
            if (match.Groups["escaped"].Success)
                return "$";
            var found = Find(match.Groups["named"].Value + match.Groups["braced"].Value);
            secret |= found is ExperimentNode.Scalar { Secret: true };
            var shown = found switch { null => match.Value, ExperimentNode.Scalar s => s.Text, _ => found.ToJson()!.ToJsonString() };
            return Fits(at, 0, shown.Length) ? shown : "";
        });
        return at with { Value = replaced, Secret = secret };
    }

    private ExperimentNode? Find(string name) =>
        configuration.TryGetValue(name, out var value) ? value
            : secrets.Values.Select(group => group.GetValueOrDefault(name)).FirstOrDefault(s => s is not null) is { } secret ? new ExperimentNode.Scalar(0, 0, secret) { Secret = true }
            : null;

    // What is put in counts, so that a large value in many places is found out before it is written out.
    private bool Fits(ExperimentNode at, int nodes, int characters)
    {
        (_nodes, _characters) = (_nodes + nodes, _characters + characters);
        if (_nodes <= MostNodes && _characters <= LongestText)
            return true;
        _nodes = MostNodes + 1;
        problems.Add(at, "configuration", "what is put in place of names is larger than an experiment may be", "Use shorter values, or use them less often.");
        return false;
    }

    private static int Count(ExperimentNode node) => node switch
    {
        ExperimentNode.List list => 1 + list.Items.Sum(Count),
        ExperimentNode.Map map => 1 + map.Entries.Sum(e => Count(e.Value)),
        _ => 1,
    };

    [GeneratedRegex(@"\$(?:(?<escaped>\$)|(?<named>[_a-zA-Z][_a-zA-Z0-9]*)|\{(?<braced>[_a-zA-Z][_a-zA-Z0-9]*)\})")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\A\$\{([_a-zA-Z][_a-zA-Z0-9]*)\}\z")]
    private static partial Regex Whole();
}
