using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>The intents of all faults that are under way, as they lie in the state folder.</summary>
internal static class IntentFiles
{
    /// <summary>Where a fault's intent lies as long as it is under way.</summary>
    public static string PathOf(string folder, string handle) => Path.Combine(folder, "faults", handle + ".json");

    /// <summary>All of them; one that is being written just now, or is none, is left out.</summary>
    public static IEnumerable<JsonObject> All(FaultTools tools)
    {
        var folder = Path.Combine(tools.Folder, "faults");
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Select(Read).OfType<JsonObject>() : [];
    }

    /// <summary>A field, whatever the case of its first letter.</summary>
    public static JsonNode? Field(JsonNode? of, string name) => (of as JsonObject)?.FirstOrDefault(f => string.Equals(f.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>A field that is text.</summary>
    public static string? Text(JsonNode? of, string name) => Field(of, name) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject? Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
