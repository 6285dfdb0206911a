using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>Reads HTTP Archives (HAR 1.1 and 1.2): every entry that went over the network is a request.</summary>
internal static class HarReader
{
    public static Found Read(string text, ImportScope scope)
    {
        if (JsonText.Parse(text, scope) is not { } root)
            return Found.Nothing;
        var entries = root.Get("log").Get("entries");
        if (entries.ValueKind != JsonValueKind.Array)
        {
            scope.FailIn("log.entries", "is missing or no list", "Save the HAR again, or check --from.");
            return Found.Nothing;
        }
        scope.Note("Think times between the entries are not taken; weights are how often each request was seen.");
        var requests = entries.Items().Select((entry, i) => ReadEntry(entry, i + 1, scope)).OfType<FoundRequest>().ToList();
        return new(requests) { HoldsRedirects = true };
    }

    private static FoundRequest? ReadEntry(JsonElement entry, int number, ImportScope scope)
    {
        var where = $"entry {number}";
        var request = entry.Get("request");
        if (request.Text("method") is not { Length: > 0 } method || request.Text("url") is not { Length: > 0 } url)
        {
            scope.Skip("entry", "it has no request with method and url", where);
            return null;
        }
        if (WhyNot(entry, request) is { } reason)
        {
            scope.Skip($"{method} {url.Split('?', '#')[0]}", reason, where);
            return null;
        }
        return new FoundRequest(method, WithQuery(url, request), where)
        {
            Headers = HeaderRules.WithoutBrowserNoise(Headers(request), where, scope),
            Body = Body(request.Get("postData")),
        };
    }

    private static string? WhyNot(JsonElement entry, JsonElement request)
    {
        if (entry.Get("_fromCache").Exists())
            return "it came from the browser's cache";
        if (entry.Get("response").Get("status").AsScalar() == "0")
            return "it was blocked or broken off, and has no answer";
        var type = request.Get("postData").Text("mimeType") ?? "";
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            return "sends a multipart form, which is not taken over; write it as multipart";
        return request.Get("postData").Text("encoding") == "base64" ? "its body is not text" : null;
    }

    /// <summary>Some writers keep the query apart from the URL.</summary>
    private static string WithQuery(string url, JsonElement request)
    {
        var query = request.Get("queryString").Pairs("name").ToList();
        return url.Contains('?') || query.Count == 0 ? url : $"{url.Split('#')[0]}?{UrlText.Encode(query)}";
    }

    private static List<KeyValuePair<string, string>> Headers(JsonElement request)
    {
        var headers = request.Get("headers").Pairs("name").ToList();
        if (request.Get("postData").Text("mimeType") is { Length: > 0 } type && BodyShape.ContentType(headers).Length == 0)
            headers.Add(new("Content-Type", type));
        return headers;
    }

    private static string? Body(JsonElement data)
    {
        if (data.Text("text") is { Length: > 0 } text)
            return text;
        var fields = data.Get("params").Pairs("name").ToList();
        return fields.Count > 0 ? UrlText.Encode(fields) : null;
    }
}
