using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Reads what an engine or a cluster tells: what is missing or of another kind is empty.</summary>
internal static class EngineJson
{
    /// <summary>Text at a place below.</summary>
    public static string Text(this JsonNode? node, params ReadOnlySpan<string> place) =>
        At(node, place) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    /// <summary>A whole number at a place below; 0 if there is none.</summary>
    public static long Number(this JsonNode? node, params ReadOnlySpan<string> place) =>
        At(node, place) is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out long number) ? number : 0;

    /// <summary>true or false at a place below.</summary>
    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> place) =>
        At(node, place) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>A list at a place below.</summary>
    public static JsonArray List(this JsonNode? node, params ReadOnlySpan<string> place) => At(node, place) as JsonArray ?? [];

    /// <summary>An object at a place below.</summary>
    public static JsonObject Object(this JsonNode? node, params ReadOnlySpan<string> place) => At(node, place) as JsonObject ?? [];

    private static JsonNode? At(JsonNode? node, ReadOnlySpan<string> place)
    {
        foreach (var name in place)
            node = (node as JsonObject)?[name];
        return node;
    }
}
