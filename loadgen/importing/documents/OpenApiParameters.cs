using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.LoadGen.Importing;

/// <summary>Fills the parameters of one operation with what the document gives as examples, or with samples of their schemas.</summary>
internal sealed class OpenApiParameters(OpenApiReferences references, SchemaSample samples, string where, ImportScope scope)
{
    private readonly List<string> _query = [];

    public string Path { get; private set; } = "";

    public List<KeyValuePair<string, string>> Headers { get; } = [];

    public string Query => string.Join('&', _query);

    /// <summary>Fills in; false after saying why the operation can't be called.</summary>
    public bool Fill(string path, JsonElement shared, JsonElement own)
    {
        Path = path;
        var byName = new Dictionary<(string? In, string? Name), JsonElement>();
        foreach (var parameter in shared.Items().Concat(own.Items()).Select(references.Follow))
            byName[(parameter.Text("in"), parameter.Text("name"))] = parameter;
        foreach (var ((place, name), parameter) in byName)
        {
            if (place is not null && !string.IsNullOrEmpty(name))
                Fill(place, name, parameter);
        }
        var open = Path.IndexOf('{');
        if (open < 0)
            return true;
        scope.Skip(where, $"its path parameter {Shown.Of(Path[open..].Split('/')[0])} is not described");
        return false;
    }

    private void Fill(string place, string name, JsonElement parameter)
    {
        switch (place)
        {
            case "path":
                Path = Path.Replace($"{{{name}}}", Uri.EscapeDataString(Joined(Value(parameter)) is { Length: > 0 } text ? text : "1"));
                break;
            case "query" when !IsWanted(parameter):
                scope.Skip($"query parameter '{name}'", "it is optional and has no example", where);
                break;
            case "query":
                AddQuery(name, parameter);
                break;
            case "header" when name.ToLowerInvariant() is "accept" or "content-type" or "authorization":
                break;
            case "header" when !IsWanted(parameter):
                scope.Skip($"header parameter '{name}'", "it is optional and has no example", where);
                break;
            case "header":
                Headers.Add(new(name, Joined(Value(parameter)) ?? "text"));
                break;
            default:
                scope.Skip($"{Shown.Of(place)} parameter '{name}'", "only those in path, query and headers are taken", where);
                break;
        }
    }

    private void AddQuery(string name, JsonElement parameter)
    {
        var value = Value(parameter);
        if (value is JsonObject)
            scope.Skip($"query parameter '{name}'", "it is an object; write it into the plan by hand", where);
        else if (value is JsonArray list && parameter.Get("explode").ValueKind != JsonValueKind.False)
            _query.AddRange(list.Select(item => Pair(name, JsonNodes.Scalar(item) ?? "")));
        else
            _query.Add(Pair(name, Joined(value) ?? ""));
    }

    private bool IsWanted(JsonElement parameter)
    {
        var schema = references.Follow(parameter.Get("schema"));
        return parameter.IsTrue("required") || OpenApiExample.Of(parameter, references).Exists()
            || schema.Get("example").Exists() || schema.Get("default").Exists() || schema.Get("examples").Exists();
    }

    private JsonNode? Value(JsonElement parameter)
    {
        var example = OpenApiExample.Of(parameter, references);
        if (example.Exists())
            return JsonNodes.Copy(example);
        var content = parameter.Get("content").Members().Select(m => m.Value).FirstOrDefault();
        return samples.Of(content.Exists() ? content.Get("schema") : parameter.Get("schema"));
    }

    private static string? Joined(JsonNode? value) =>
        value is JsonArray list ? string.Join(',', list.Select(JsonNodes.Scalar)) : value is JsonObject ? JsonNodes.Written(value) : JsonNodes.Scalar(value);

    private static string Pair(string name, string value) => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}";
}
