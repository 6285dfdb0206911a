using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Reasons that resource faults have in common to refuse an order.</summary>
internal static class Refusals
{
    /// <summary>For arguments that the fault does not take; null if they are in order.</summary>
    public static Preparation.Refused? OfArguments(FaultDescription fault, FaultOrder order) =>
        FaultArguments.Problems(fault, order.Arguments) is { Count: > 0 } problems ? new(string.Join(' ', problems), "Put the arguments right.") : null;

    /// <summary>
    /// For a fault of the same kind that holds the same control group already: when one of two is undone the other's value would stay. Null if there is none.
    /// </summary>
    public static Preparation.Refused? OfRival(FaultTools tools, string kind, string group)
    {
        var rival = IntentFiles.All(tools).FirstOrDefault(i => IntentFiles.Text(i, "kind") is { } other && Plain(other) == Plain(kind) && IntentFiles.Text(IntentFiles.Field(i, "prior"), "group") == group);
        return rival is null ? null : new($"{group} is under {kind} already ({IntentFiles.Text(rival, "handle")}).", "Wait until that has ended.");
    }

    /// <summary>A kind without what it strikes: a container's and a process's quota are one setting.</summary>
    private static string Plain(string kind) => kind.StartsWith("process-", StringComparison.Ordinal) ? kind["process-".Length..] : kind;
}

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
