using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.LoadGen.Importing;

/// <summary>The body of an operation: an example, or a sample of its schema.</summary>
internal static class OpenApiBody
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>A body with its type; all null when there is none, or with the reason why it can't be in a plan.</summary>
    public static (string? Text, string? Type, string? WhyNot) Read(JsonElement body, OpenApiReferences references, SchemaSample samples)
    {
        var contents = references.Follow(body).Get("content").Members().ToList();
        if (contents.Count == 0)
            return default;
        var (type, content) = contents.Find(c => IsJson(c.Name));
        if (type is null)
            (type, content) = contents.Find(c => c.Name.StartsWith(Form, StringComparison.OrdinalIgnoreCase));
        if (type is null)
            (type, content) = contents.Find(c => c.Name.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || c.Name.EndsWith("/xml", StringComparison.OrdinalIgnoreCase));
        if (type is null)
            return (null, null, $"sends {Shown.Of(contents[0].Name)}, which can't be made up");
        var example = OpenApiExample.Of(content, references);
        var value = example.Exists() ? JsonNodes.Copy(example) : samples.Of(content.Get("schema"));
        if (IsJson(type))
            return (JsonNodes.Written(value), type, null);
        if (type.StartsWith(Form, StringComparison.OrdinalIgnoreCase) && value is JsonObject fields)
            return (UrlText.Encode(fields.Select(f => KeyValuePair.Create(f.Key, JsonNodes.Scalar(f.Value) ?? JsonNodes.Written(f.Value)))), type, null);
        return JsonNodes.Scalar(value) is { } text ? (text, type, null) : (null, null, $"sends {Shown.Of(type)} and gives no example of it");
    }

    private static bool IsJson(string type) =>
        type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) || type.Split(';')[0].EndsWith("+json", StringComparison.OrdinalIgnoreCase);
}
