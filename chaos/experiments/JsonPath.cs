using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pressure.Chaos;

/// <summary>
/// A path to values of a JSON document, a small part of JSONPath: <c>$</c>, <c>.name</c>, <c>['name']</c>, <c>[0]</c>, <c>[*]</c>, <c>.*</c>.
/// </summary>
internal sealed partial class JsonPath
{
    private readonly IReadOnlyList<string> _segments;

    private JsonPath(IReadOnlyList<string> segments) => _segments = segments;

    /// <summary>The path; null if the text is none, or one that is not read here.</summary>
    public static JsonPath? Parse(string text) =>
        text.Length <= 1000 && PathText().Match(text.Trim()) is { Success: true } match ? new([.. match.Groups[1].Captures.Select(c => c.Value)]) : null;

    /// <summary>What it leads to; nothing where there is no such thing.</summary>
    public IReadOnlyList<JsonNode?> Find(JsonNode? document) =>
        _segments.Aggregate((IReadOnlyList<JsonNode?>)[document], (nodes, segment) => [.. nodes.SelectMany(n => Step(n, segment))]);

    private static IEnumerable<JsonNode?> Step(JsonNode? node, string segment) => (segment, node) switch
    {
        (".*" or "[*]", JsonObject map) => map.Select(e => e.Value),
        (".*" or "[*]", JsonArray list) => list,
        (['.', .. var name], JsonObject map) => map.TryGetPropertyValue(name, out var value) ? [value] : [],
        (['[', '\'' or '"', .. var name, _, ']'], JsonObject map) => map.TryGetPropertyValue(name, out var value) ? [value] : [],
        (['[', >= '0' and <= '9', ..], JsonArray list) => int.Parse(segment.AsSpan(1, segment.Length - 2)) is var i && i < list.Count ? [list[i]] : [],
        _ => [],
    };

    [GeneratedRegex(@"\A\$(\.[\p{L}_][\p{L}\p{N}_-]*|\.\*|\['[^'\\]*'\]|\[""[^""\\]*""\]|\[[0-9]{1,8}\]|\[\*\])*\z")]
    private static partial Regex PathText();
}
