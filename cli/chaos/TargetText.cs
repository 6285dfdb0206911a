using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Cli.Chaos;

/// <summary>A target on the command line: <c>container=shop-item</c>, or JSON as in an experiment.</summary>
internal static class TargetText
{
    public static JsonNode? Parse(string text) =>
        !text.TrimStart().StartsWith('{') && text.Split('=', 2) is [var kind, var name] ? new JsonObject { [kind] = name } : JsonOr(text);

    /// <summary>JSON, or the text itself where it is none.</summary>
    public static JsonNode? JsonOr(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
