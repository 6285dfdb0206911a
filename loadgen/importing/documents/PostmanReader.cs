using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>Reads Postman collections (v2.0, v2.1): folders are walked, variables are put in, scripts are not run.</summary>
internal sealed class PostmanReader
{
    private readonly ImportScope _scope;
    private readonly List<FoundRequest> _requests = [];

    private PostmanReader(ImportScope scope) => _scope = scope;

    public static Found Read(string text, ImportScope scope)
    {
        if (JsonText.Parse(text, scope) is not { } root)
            return Found.Nothing;
        // The API of Postman wraps what the application exports bare.
        var collection = root.Get("collection").Exists() ? root.Get("collection") : root;
        if (collection.Get("item").ValueKind != JsonValueKind.Array)
        {
            var old = collection.Get("requests").ValueKind == JsonValueKind.Array;
            scope.FailIn("item", old ? "is missing; this is a collection of format v1" : "is missing or no list", "Export the collection as v2.1.");
            return Found.Nothing;
        }
        var reader = new PostmanReader(scope);
        reader.Walk(collection, "", PostmanVariables.None, default);
        return new(reader._requests) { Title = collection.Get("info").Text("name") };
    }

    private void Walk(JsonElement folder, string path, PostmanVariables variables, JsonElement auth)
    {
        variables = variables.With(folder.Get("variable"));
        auth = folder.Get("auth").Exists() ? folder.Get("auth") : auth;
        SkipScripts(folder, path.Length == 0 ? "collection" : path);
        foreach (var item in folder.Get("item").Items())
        {
            var name = $"{(path.Length == 0 ? "" : path + " / ")}{item.Text("name") ?? "unnamed"}";
            if (item.Get("item").ValueKind == JsonValueKind.Array)
                Walk(item, name, variables, auth);
            else
                ReadItem(item, name, variables.With(item.Get("variable")), auth);
        }
    }

    private void ReadItem(JsonElement item, string name, PostmanVariables variables, JsonElement auth)
    {
        SkipScripts(item, name);
        var request = item.Get("request");
        var method = request.Text("method") is { Length: > 0 } given ? given : "GET";
        var raw = request.AsText() ?? PostmanUrl.Read(request.Get("url"), variables);
        if (raw is not { Length: > 0 })
        {
            _scope.Skip($"request '{Shown.Of(name)}'", "it has no URL", name);
            return;
        }
        var url = PostmanUrl.Below(variables.Resolve(raw.Trim()), _scope);
        if (PostmanBody.WhyNot(request.Get("body")) is { } reason)
        {
            _scope.Skip($"{method} {url.Split('?')[0]}", reason, name);
            return;
        }
        if (PostmanUrl.Unfilled(request.Get("url"), url) is { } unfilled)
        {
            _scope.Skip($"{method} {url.Split('?')[0]}", $"its path variable {unfilled} has no value in the collection; give it one and export again", name);
            return;
        }
        var body = PostmanBody.Read(request.Get("body"), variables);
        if ((PostmanVariables.Unresolved(url) ?? PostmanVariables.Unresolved(body.Text ?? "")) is { } unresolved)
        {
            _scope.Skip($"{method} {url.Split('?')[0]}", $"its variable {unresolved} has no value in the collection; give it one and export again", name);
            return;
        }
        var headers = Headers(request, variables, name).Concat(PostmanAuth.Headers(request.Get("auth").Exists() ? request.Get("auth") : auth, variables, name, _scope)).ToList();
        if (body.ContentType is { } type && BodyShape.ContentType(headers).Length == 0)
            headers.Add(new("Content-Type", type));
        _requests.Add(new FoundRequest(method, url, name) { Name = name, Headers = headers, Body = body.Text });
    }

    private IEnumerable<KeyValuePair<string, string>> Headers(JsonElement request, PostmanVariables variables, string where)
    {
        foreach (var (key, value) in request.Get("header").Pairs("key"))
        {
            var header = KeyValuePair.Create(variables.Resolve(key), variables.Resolve(value));
            if (PostmanVariables.Unresolved(header.Key + header.Value) is { } unresolved)
                _scope.Skip($"header {key}", $"its variable {unresolved} has no value in the collection", where);
            else
                yield return header;
        }
    }

    private void SkipScripts(JsonElement owner, string where)
    {
        foreach (var script in owner.Get("event").Items())
        {
            var lines = script.Get("script").Get("exec");
            if (lines.Items().Any(l => !string.IsNullOrWhiteSpace(l.AsText())) || !string.IsNullOrWhiteSpace(lines.AsText()))
                _scope.Skip($"script ({script.Text("listen") ?? "event"})", "scripts are not run; write checks into the plan", where);
        }
    }
}
