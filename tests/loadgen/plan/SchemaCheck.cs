using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pressure.LoadGen.Tests;

/// <summary>As much of JSON Schema 2020-12 as the plan's schema uses; a keyword beyond that fails the test.</summary>
internal sealed class SchemaCheck(JsonNode root)
{
    public IEnumerable<string> Violations(JsonNode? value) => At("$", root, value);

    private IEnumerable<string> At(string path, JsonNode schema, JsonNode? value)
    {
        if (schema.GetValueKind() == JsonValueKind.False)
            return [$"{path} must be absent"];
        return schema.AsObject().SelectMany(k => Keyword(path, k.Key, k.Value!, schema, value));
    }

    private IEnumerable<string> Keyword(string path, string keyword, JsonNode rule, JsonNode schema, JsonNode? value)
    {
        var (map, list) = (value as JsonObject, value as JsonArray);
        return keyword switch
        {
            "$schema" or "title" or "description" or "$defs" => [],
            "$ref" => At(path, root["$defs"]![((string)rule!)["#/$defs/".Length..]]!, value),
            "type" => Fails(!TypesOf(rule).Any(t => IsOf(t, value))),
            "enum" => Fails(!rule.AsArray().Any(e => JsonNode.DeepEquals(e, value))),
            "pattern" => Fails(Kind(value) == JsonValueKind.String && !Regex.IsMatch((string)value!, (string)rule!)),
            "minLength" => Fails(Kind(value) == JsonValueKind.String && ((string)value!).Length < (int)rule),
            "maxLength" => Fails(Kind(value) == JsonValueKind.String && ((string)value!).Length > (int)rule),
            "minimum" => Fails(Kind(value) == JsonValueKind.Number && (decimal)value! < (decimal)rule),
            "maximum" => Fails(Kind(value) == JsonValueKind.Number && (decimal)value! > (decimal)rule),
            "exclusiveMinimum" => Fails(Kind(value) == JsonValueKind.Number && (decimal)value! <= (decimal)rule),
            "required" => Fails(map is not null && rule.AsArray().Any(k => !map.ContainsKey((string)k!))),
            "minProperties" => Fails(map?.Count < (int)rule),
            "maxProperties" => Fails(map?.Count > (int)rule),
            "minItems" => Fails(list?.Count < (int)rule),
            "maxItems" => Fails(list?.Count > (int)rule),
            "items" => list?.SelectMany((item, i) => At($"{path}[{i}]", rule, item)) ?? [],
            "properties" => map?.Where(p => rule[p.Key] is not null).SelectMany(p => At($"{path}.{p.Key}", rule[p.Key]!, p.Value)) ?? [],
            "additionalProperties" => map?.Where(p => schema["properties"]?[p.Key] is null).SelectMany(p => At($"{path}.{p.Key}", rule, p.Value)) ?? [],
            "dependentSchemas" => rule.AsObject().Where(d => map?.ContainsKey(d.Key) == true).SelectMany(d => At(path, d.Value!, value)),
            "oneOf" => Fails(rule.AsArray().Count(s => !At(path, s!, value).Any()) != 1),
            "anyOf" => Fails(!rule.AsArray().Any(s => !At(path, s!, value).Any())),
            _ => throw new NotSupportedException(keyword),
        };

        IEnumerable<string> Fails(bool violated) => violated ? [$"{path}: {keyword} {rule.ToJsonString()}, but is {value?.ToJsonString()}"] : [];
    }

    private static IEnumerable<string> TypesOf(JsonNode rule) => rule is JsonArray many ? many.Select(t => (string)t!) : [(string)rule!];

    private static JsonValueKind Kind(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    private static bool IsOf(string type, JsonNode? value) => (type, Kind(value)) switch
    {
        ("integer", JsonValueKind.Number) => decimal.IsInteger((decimal)value!),
        ("boolean", var kind) => kind is JsonValueKind.True or JsonValueKind.False,
        (_, var kind) => kind.ToString().Equals(type, StringComparison.OrdinalIgnoreCase),
    };
}
