using System.Text.Json;

namespace Pressure.LoadGen.Importing;

/// <summary>Reads OpenAPI 3.0 and 3.1 documents: every operation is one request with the examples that the document gives.</summary>
internal sealed class OpenApiReader
{
    private static readonly string[] Methods = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

    private readonly JsonElement _root;
    private readonly ImportScope _scope;
    private readonly OpenApiReferences _references;
    private readonly SchemaSample _samples;

    private OpenApiReader(JsonElement root, ImportScope scope)
    {
        (_root, _scope) = (root, scope);
        _references = new(root, scope);
        _samples = new(_references);
    }

    public static Found Read(string text, ImportScope scope)
    {
        var root = text.AsSpan().TrimStart() is ['{', ..] ? JsonText.Parse(text, scope) : YamlToJson.Parse(text, scope);
        if (root is not { } document || !IsKnown(document, scope))
            return Found.Nothing;
        var reader = new OpenApiReader(document, scope);
        reader.SkipWhatIsNoRequest();
        return new([.. reader.Operations()]) { Title = document.Get("info").Text("title") };
    }

    private static bool IsKnown(JsonElement root, ImportScope scope)
    {
        var version = root.Get("openapi").AsScalar();
        if (root.Get("swagger").Exists())
            scope.FailIn("swagger", "this is Swagger 2.0", "Convert it to OpenAPI 3 first.");
        else if (version is null || !version.StartsWith("3.", StringComparison.Ordinal))
            scope.FailIn("openapi", version is null ? "is missing" : $"version '{Shown.Of(version)}' is not known", "Documents of OpenAPI 3.0 and 3.1 are read.");
        else if (root.Get("paths").ValueKind != JsonValueKind.Object)
            scope.FailIn("paths", "is missing or no map", "Check that the document describes paths.");
        return !scope.Failed;
    }

    private void SkipWhatIsNoRequest()
    {
        foreach (var (name, _) in _root.Get("webhooks").Members())
            _scope.Skip($"webhook '{Shown.Of(name)}'", "the service sends it, nobody asks for it");
        foreach (var server in _root.Get("servers").Items().Skip(1))
            _scope.Skip($"server '{Shown.Of(server.Text("url") ?? "")}'", "the first server is taken; --target takes another");
        var security = _root.Get("security").Items().Concat(_root.Get("paths").Members().SelectMany(p => Methods.SelectMany(m => p.Value.Get(m).Get("security").Items())));
        foreach (var (name, _) in security.SelectMany(s => s.Members()).DistinctBy(s => s.Name))
            _scope.Skip($"security scheme '{Shown.Of(name)}'", "documents hold no credentials; add the header to the plan");
    }

    private IEnumerable<FoundRequest> Operations()
    {
        foreach (var (path, node) in _root.Get("paths").Members().Where(p => p.Name.StartsWith('/')))
        {
            var item = _references.Follow(node);
            foreach (var method in Methods.Where(m => item.Get(m).ValueKind == JsonValueKind.Object))
            {
                if (Operation(method.ToUpperInvariant(), path, item, item.Get(method)) is { } request)
                    yield return request;
            }
        }
    }

    private FoundRequest? Operation(string method, string path, JsonElement item, JsonElement operation)
    {
        var where = $"{method} {path}";
        if (method is not ("GET" or "HEAD") && !_scope.Options.AllMethods)
        {
            _scope.Skip(where, "it may change data; --all-methods takes it");
            return null;
        }
        foreach (var (name, _) in operation.Get("callbacks").Members())
            _scope.Skip($"callback '{Shown.Of(name)}'", "the service sends it, nobody asks for it", where);
        var parameters = new OpenApiParameters(_references, _samples, where, _scope);
        if (!parameters.Fill(path, item.Get("parameters"), operation.Get("parameters")))
            return null;
        var (body, type, whyNot) = OpenApiBody.Read(operation.Get("requestBody"), _references, _samples);
        if (whyNot is not null)
        {
            _scope.Skip(where, whyNot);
            return null;
        }
        var url = Server(item, operation).TrimEnd('/') + parameters.Path + (parameters.Query.Length > 0 ? "?" + parameters.Query : "");
        return new FoundRequest(method, url, where)
        {
            Name = where,
            Headers = type is null ? parameters.Headers : [.. parameters.Headers, new("Content-Type", type)],
            Body = body,
        };
    }

    /// <summary>The innermost server's URL with the defaults of its variables; empty when none is given.</summary>
    private string Server(JsonElement item, JsonElement operation)
    {
        var servers = new[] { operation, item, _root }.Select(o => o.Get("servers")).FirstOrDefault(s => s.Items().Any());
        var server = servers.Items().FirstOrDefault();
        var url = server.Text("url") ?? "";
        foreach (var (name, variable) in server.Get("variables").Members())
            url = url.Replace($"{{{name}}}", variable.Get("default").AsScalar() ?? "");
        // Relative to where the document was fetched, which nobody knows here.
        return url.Length == 0 || url.Contains("://", StringComparison.Ordinal) || url.StartsWith('/') ? url : "/" + url;
    }
}
