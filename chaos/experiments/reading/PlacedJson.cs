using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>JSON that did not come from the file itself, as nodes that all stand where it came from.</summary>
internal static class PlacedJson
{
    public static ExperimentNode Of(JsonNode? json, ExperimentNode at) => json switch
    {
        JsonObject map => new ExperimentNode.Map(at.Line, at.Column, [.. map.Select(e => new ExperimentEntry(new(at.Line, at.Column, e.Key), Of(e.Value, at)))]),
        JsonArray list => new ExperimentNode.List(at.Line, at.Column, [.. list.Select(i => Of(i, at))]),
        _ => new ExperimentNode.Scalar(at.Line, at.Column, ValueOf(json)),
    };

    private static object? ValueOf(JsonNode? json) => json?.GetValueKind() switch
    {
        null or System.Text.Json.JsonValueKind.Null => null,
        System.Text.Json.JsonValueKind.True => true,
        System.Text.Json.JsonValueKind.False => false,
        System.Text.Json.JsonValueKind.Number => ScalarTyping.Number(json.ToJsonString()) ?? json.ToJsonString(),
        _ => json.GetValue<string>(),
    };
}
