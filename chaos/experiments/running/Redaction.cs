using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Keeps secrets out of what is written: wherever one stands in a text, three stars stand instead.</summary>
internal sealed class Redaction
{
    private const string Stars = "***";

    private readonly IReadOnlyList<string> _secrets;

    public Redaction(Experiment experiment) =>
        // Longest first: one secret may be part of another. As JSON texts show them too, since results are often JSON inside a text.
        _secrets = [.. experiment.Secrets.Values.SelectMany(g => g.Values).Where(s => s.Length > 0)
            .SelectMany(s => new[] { s, JsonEncodedText.Encode(s).ToString(), Uri.EscapeDataString(s) }).Distinct().OrderByDescending(s => s.Length)];

    public string Of(string text) => _secrets.Aggregate(text, (shown, secret) => shown.Replace(secret, Stars, StringComparison.Ordinal));

    /// <summary>A copy of a document without them.</summary>
    public JsonNode? Of(JsonNode? node) => node switch
    {
        null => null,
        _ when _secrets.Count == 0 => node.DeepClone(),
        JsonObject map => new JsonObject(map.Select(e => KeyValuePair.Create(Of(e.Key), Of(e.Value))).DistinctBy(e => e.Key)),
        JsonArray list => new JsonArray([.. list.Select(Of)]),
        _ when node.GetValueKind() == JsonValueKind.String => Of(node.GetValue<string>()),
        // A number may be one too.
        _ => _secrets.Contains(node.ToJsonString()) ? Stars : node.DeepClone(),
    };
}
