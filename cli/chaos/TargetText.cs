using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Cli.Chaos;

/// <summary>A target on the command line: <c>container=shop-item</c>, or with conditions as in an experiment: <c>container={"labels":{"app":"shop"}}</c>.</summary>
internal static class TargetText
{
    public static JsonNode? Parse(string text) =>
        text.TrimStart().StartsWith('{') ? JsonOr(text)
        : text.Split('=', 2) is [var kind, var name] ? new JsonObject { [kind] = name.TrimStart().StartsWith('{') ? JsonOr(name) : name }
        : null;

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
