using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>Bodies of Postman: raw, urlencoded and GraphQL.</summary>
internal static class PostmanBody
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Why a body can't be in a plan; null when it can.</summary>
    public static string? WhyNot(JsonElement body) => body.IsTrue("disabled") ? null : body.Text("mode") switch
    {
        "formdata" when body.Get("formdata").Items().Any(f => !f.IsTrue("disabled")) => "sends a multipart form, which is not taken over; write it as multipart",
        "file" => "its body stands in a file",
        _ => null,
    };

    /// <summary>Text and type, each null when there is none.</summary>
    public static (string? Text, string? ContentType) Read(JsonElement body, PostmanVariables variables)
    {
        if (body.IsTrue("disabled"))
            return (null, null);
        return body.Text("mode") switch
        {
            "raw" when body.Text("raw") is { Length: > 0 } raw => (variables.Resolve(raw), TypeOf(body.Get("options").Get("raw").Text("language"))),
            "urlencoded" => (Form(body, variables), "application/x-www-form-urlencoded"),
            "graphql" => (GraphQl(body.Get("graphql"), variables), "application/json"),
            _ => (null, null),
        };
    }

    private static string? TypeOf(string? language) => language switch
    {
        "json" => "application/json",
        "xml" => "application/xml",
        "html" => "text/html",
        "javascript" => "application/javascript",
        _ => null,
    };

    private static string Form(JsonElement body, PostmanVariables variables)
    {
        var fields = body.Get("urlencoded").ValueKind == JsonValueKind.Array ? body.Get("urlencoded").Pairs("key") : [];
        return UrlText.Encode(fields.Select(f => KeyValuePair.Create(variables.Resolve(f.Key), variables.Resolve(f.Value))));
    }

    private static string GraphQl(JsonElement graph, PostmanVariables variables)
    {
        var query = JsonSerializer.Serialize(variables.Resolve(graph.Text("query") ?? ""), Relaxed);
        var values = variables.Resolve(graph.Text("variables") is { Length: > 0 } text ? text : "{}");
        return $$"""{"query":{{query}},"variables":{{values}}}""";
    }
}
