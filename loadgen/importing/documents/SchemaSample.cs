using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.LoadGen.Importing;

/// <summary>Makes a small valid value of a JSON Schema: what it gives as an example, else its default, else one of its type.</summary>
internal sealed class SchemaSample(OpenApiReferences references)
{
    private const int Deepest = 8;
    private const int MostNodes = 500;
    private const int MostItems = 10;
    private const int LongestText = 1_000;

    private int _nodes;

    /// <summary>A sample; null (JSON's) when the schema says nothing or goes in circles.</summary>
    public JsonNode? Of(JsonElement schema)
    {
        _nodes = 0;
        return Make(schema, 0);
    }

    private JsonNode? Make(JsonElement schema, int depth)
    {
        schema = references.Follow(schema);
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest || ++_nodes > MostNodes)
            return null;
        if (Given(schema) is { } given)
            return JsonNodes.Copy(given);
        if (schema.Get("allOf").ValueKind == JsonValueKind.Array)
            return AllOf(schema, depth);
        foreach (var kind in (ReadOnlySpan<string>)["oneOf", "anyOf"])
        {
            var choices = schema.Get(kind).Items().Where(c => references.Follow(c).Text("type") != "null").ToList();
            if (choices.Count > 0)
                return Make(choices[0], depth + 1);
        }
        return TypeOf(schema) switch
        {
            "object" => Object(schema, depth),
            "array" => Array(schema, depth),
            "integer" => Number(schema, whole: true),
            "number" => Number(schema, whole: false),
            "boolean" => JsonValue.Create(true),
            "string" => JsonValue.Create(Text(schema)),
            _ => null,
        };
    }

    private static JsonElement? Given(JsonElement schema)
    {
        foreach (var key in (ReadOnlySpan<string>)["example", "const", "default"])
        {
            if (schema.Get(key).Exists())
                return schema.Get(key);
        }
        foreach (var key in (ReadOnlySpan<string>)["examples", "enum"])
        {
            foreach (var first in schema.Get(key).Items().Where(i => i.Exists()).Take(1))
                return first;
        }
        return null;
    }

    /// <summary>The parts' members put together; the last part that is no object stands for itself.</summary>
    private JsonNode? AllOf(JsonElement schema, int depth)
    {
        JsonNode? sample = schema.Get("properties").Exists() ? Object(schema, depth) : null;
        foreach (var part in schema.Get("allOf").Items())
        {
            var made = Make(part, depth + 1);
            if (sample is not JsonObject all || made is not JsonObject more)
            {
                sample = made ?? sample;
                continue;
            }
            foreach (var (name, value) in more)
                all[name] = value?.DeepClone();
        }
        return sample;
    }

    private JsonObject Object(JsonElement schema, int depth)
    {
        var sample = new JsonObject();
        var required = schema.Get("required").Items().Select(r => r.AsText()).ToHashSet();
        foreach (var (name, property) in schema.Get("properties").Members())
        {
            if (references.Follow(property).IsTrue("readOnly"))
                continue;
            // What a circle or the bound leaves empty is sent only where it must be.
            if (Make(property, depth + 1) is { } value)
                sample[name] = value;
            else if (required.Contains(name))
                sample[name] = null;
        }
        return sample;
    }

    private JsonArray Array(JsonElement schema, int depth)
    {
        var sample = new JsonArray();
        var count = Math.Clamp((int)(Bound(schema, "minItems") ?? 1), 1, MostItems);
        for (var i = 0; i < count && Make(schema.Get("items"), depth + 1) is { } item; i++)
            sample.Add(item);
        return sample;
    }

    private static JsonValue Number(JsonElement schema, bool whole)
    {
        var least = Bound(schema, "minimum");
        var above = Bound(schema, "exclusiveMinimum");
        var most = Bound(schema, "maximum");
        var value = Math.Max(least ?? 1, above + 1 ?? least ?? 1);
        if (least is null && above is null && most < 1)
            value = most.Value;
        return whole ? JsonValue.Create((long)Math.Ceiling(Math.Clamp(value, -1e15m, 1e15m))) : JsonValue.Create(value);
    }

    private static string Text(JsonElement schema)
    {
        var text = schema.Text("format") switch
        {
            "date" => "2024-01-31",
            "date-time" => "2024-01-31T12:00:00Z",
            "time" => "12:00:00Z",
            "uuid" => "00000000-0000-4000-8000-000000000001",
            "email" => "user@example.com",
            "uri" or "url" => "https://example.com/",
            "hostname" => "example.com",
            "ipv4" => "192.0.2.1",
            "ipv6" => "2001:db8::1",
            "byte" => "dGV4dA==",
            _ => "text",
        };
        var least = (int)Math.Clamp(Bound(schema, "minLength") ?? 0, 0, LongestText);
        var most = (int)Math.Clamp(Bound(schema, "maxLength") ?? LongestText, least, LongestText);
        return text.PadRight(least, 'x') is var padded && padded.Length > most ? padded[..most] : padded;
    }

    /// <summary>OpenAPI 3.1 allows several types; a schema without one is known by its members.</summary>
    private static string? TypeOf(JsonElement schema) =>
        schema.Text("type")
        ?? schema.Get("type").Items().Select(t => t.AsText()).FirstOrDefault(t => t != "null")
        ?? (schema.Get("properties").Exists() ? "object" : schema.Get("items").Exists() ? "array" : null);

    private static decimal? Bound(JsonElement schema, string name) =>
        schema.Get(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) ? Math.Clamp(value, -1e18m, 1e18m) : null;
}
