using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.LoadGen.Importing;

/// <summary>Values that are put together and written anew.</summary>
internal static class JsonNodes
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    /// <summary>A copy without what is not valid Unicode, and with the last of members that are given twice.</summary>
    public static JsonNode? Copy(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = new JsonObject();
                foreach (var (name, value) in element.Members())
                    fields[name] = Copy(value);
                return fields;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.String:
                return JsonValue.Create(element.AsText() ?? "");
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            default:
                return JsonNode.Parse(element.GetRawText());
        }
    }

    public static string Written(JsonNode? node) => node?.ToJsonString(Relaxed) ?? "null";

    /// <summary>A single value as it stands in URLs and headers; null for lists and objects.</summary>
    public static string? Scalar(JsonNode? node) => node switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value => value.ToJsonString(),
        _ => null,
    };
}
