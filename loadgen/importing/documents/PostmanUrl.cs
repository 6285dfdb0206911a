using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>URLs of Postman: a text, or one in pieces.</summary>
internal static class PostmanUrl
{
    /// <summary>The URL with variables of the path put in; null when there is none.</summary>
    public static string? Read(JsonElement url, PostmanVariables variables)
    {
        var raw = url.AsText() ?? url.Text("raw") ?? FromPieces(url);
        if (raw is null)
            return null;
        var question = raw.IndexOf('?');
        var path = question < 0 ? raw : raw[..question];
        foreach (var (name, value) in url.Get("variable").Pairs("key").Where(p => p.Value.Length > 0))
            path = PutIn(path, $":{name}", Uri.EscapeDataString(variables.Resolve(value)));
        return path + Query(url, question < 0 ? "" : raw[question..]);
    }

    /// <summary>A variable of the path that has no value: <c>:id</c>.</summary>
    public static string? Unfilled(JsonElement url, string resolved) =>
        url.Get("variable").Pairs("key").Select(p => $":{p.Key}").FirstOrDefault(name => resolved.Split('?')[0].Split('/').Contains(name));

    /// <summary>A URL whose host is an unknown variable is a path below <c>--target</c>.</summary>
    public static string Below(string url, ImportScope scope)
    {
        var end = url.StartsWith("{{", StringComparison.Ordinal) ? url.IndexOf("}}", StringComparison.Ordinal) : -1;
        if (end > 0 && scope.Options.Target is not null)
        {
            scope.Note($"{url[..(end + 2)]} has no value in the collection; --target stands for it.");
            var rest = url[(end + 2)..];
            return rest.StartsWith('/') ? rest : "/" + rest;
        }
        return end > 0 || url.Contains("://", StringComparison.Ordinal) || url.StartsWith('/') ? url : $"http://{url}";
    }

    private static string Query(JsonElement url, string written)
    {
        var list = url.Get("query");
        if (list.ValueKind != JsonValueKind.Array)
            return written;
        // What is switched off stands in the list only, or in both.
        var pairs = list.Items().Where(q => !q.IsTrue("disabled")).Select(Pair).Where(p => p.Length > 0).ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private static string Pair(JsonElement item)
    {
        var name = item.Get("key").AsScalar() ?? "";
        return item.Get("value").AsScalar() is { } value ? $"{name}={value}" : name;
    }

    private static string PutIn(string path, string name, string value) =>
        string.Join('/', path.Split('/').Select(segment => segment == name ? value : segment));

    private static string? FromPieces(JsonElement url)
    {
        var host = Joined(url.Get("host"), ".");
        if (host is null)
            return null;
        var scheme = url.Text("protocol") is { Length: > 0 } protocol ? protocol + "://" : "";
        var port = url.Get("port").AsScalar() is { Length: > 0 } number ? ":" + number : "";
        return $"{scheme}{host}{port}/{Joined(url.Get("path"), "/")?.TrimStart('/')}";
    }

    private static string? Joined(JsonElement node, string separator) => node.ValueKind switch
    {
        JsonValueKind.String => node.AsText(),
        JsonValueKind.Array => string.Join(separator, node.Items().Select(i => i.AsScalar() ?? i.Get("value").AsScalar())),
        _ => null,
    };
}
