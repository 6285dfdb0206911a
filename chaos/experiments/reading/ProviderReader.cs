namespace Pressure.Chaos;

/// <summary>Reads <c>provider</c> of an activity, its names replaced already.</summary>
internal sealed class ProviderReader(ExperimentKinds kinds, ExperimentProblems problems)
{
    private static readonly string[] Types = ["process", "http", "pressure"];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    private readonly OwnProviderReader _own = new(kinds, problems);

    /// <param name="name">The activity's name, for messages.</param>
    /// <param name="isProbe">Whether it only looks.</param>
    /// <param name="node">The provider.</param>
    /// <param name="path">Its path.</param>
    /// <param name="call">What it is a call of, if it is one of ours written for other tools.</param>
    public Provider? Read(string name, bool isProbe, ExperimentNode node, string path, OwnCall? call)
    {
        if (ExperimentFields.Open(node, path, "Write provider: { type: process, path: ... }, http, or pressure.", problems) is not { } fields)
            return null;
        switch (fields.Text("type", $"Say what does it: {string.Join(", ", Types)}."))
        {
            case "process":
                return call is null ? ReadProcess(fields) : _own.Read(call, fields, isProbe);
            case "http":
                return ReadHttp(fields);
            case "pressure":
                return _own.Read(fields, isProbe);
            case "python":
                fields.Report("type", $"'{ExperimentProblems.Shown(name)}' is Python code{Function(fields)}, which is not run here", "Let a process do it (type: process, path: python3, arguments: [ script.py ]), a request (type: http), or one of our faults and probes (type: pressure).");
                return null;
            case { } type:
                fields.Report("type", $"'{ExperimentProblems.Shown(name)}' has an unknown provider, '{ExperimentProblems.Shown(type)}'", Suggestion.Remedy(type, Types));
                return null;
            default:
                return null;
        }
    }

    private static string Function(ExperimentFields fields) =>
        fields["module"] is ExperimentNode.Scalar module && fields["func"] is ExperimentNode.Scalar function ? $" ({ExperimentProblems.Shown($"{module.Text}.{function.Text}")})" : "";

    /// <summary>The call of this program that a provider is; null if it is none.</summary>
    public static OwnCall? CallOf(ExperimentNode.Map provider) =>
        provider["type"] is ExperimentNode.Scalar { Text: "process" }
        && provider["path"] is ExperimentNode.Scalar path && Path.GetFileName(path.Text) == "pressure"
        && provider["arguments"] is ExperimentNode.List list
            ? OwnCall.Parse(Words(list)) : null;

    private static Provider.Process? ReadProcess(ExperimentFields fields)
    {
        fields.NoteUnknown("type", "path", "arguments", "timeout", "secrets");
        var timeout = fields.Seconds("timeout");
        if (fields.Text("path", "Name the program: path: /usr/bin/curl.") is not { } path)
            return null;
        return fields["arguments"] switch
        {
            null => new Provider.Process(path, [], timeout),
            // Chaos Toolkit hands such a line to the shell.
            ExperimentNode.Scalar line => new Provider.Process(path, [], timeout) { CommandLine = line.Text },
            ExperimentNode.Map map => new Provider.Process(path, [.. map.Entries.SelectMany(e => new[] { e.Key.Text, Word(e.Value) }).Where(w => w.Length > 0)], timeout),
            ExperimentNode.List list => new Provider.Process(path, Words(list), timeout),
            var other => throw new InvalidOperationException(other.Kind),
        };
    }

    private static List<string> Words(ExperimentNode.List list) => [.. list.Items.Select(Word).Where(w => w.Length > 0)];

    private static string Word(ExperimentNode node) => node is ExperimentNode.Scalar scalar ? scalar.Text : node.ToJson()!.ToJsonString();

    private Provider.Http? ReadHttp(ExperimentFields fields)
    {
        fields.NoteUnknown("type", "url", "method", "headers", "arguments", "timeout", "verify_tls", "secrets", "expected_status", "max_retries");
        var timeout = fields.Seconds("timeout");
        var method = fields.Text("method")?.ToUpperInvariant() ?? "GET";
        if (!Methods.Contains(method))
            fields.Report("method", $"'{ExperimentProblems.Shown(method)}' is no HTTP method", Suggestion.Remedy(method, Methods));
        var url = fields.Text("url", "Write what is asked: url: http://127.0.0.1:5080/health.");
        if (url is null)
            return null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            fields.Report("url", $"'{ExperimentProblems.Shown(url)}' is no http or https URL", "Write it in full: http://127.0.0.1:5080/health.");
        var verify = fields.Flag("verify_tls", otherwise: true);
        var body = fields["arguments"] is { } arguments ? arguments.ToJson() : null;
        return new(url, method, Headers(fields), body, timeout) { VerifyTls = verify };
    }

    private Dictionary<string, string> Headers(ExperimentFields fields)
    {
        var headers = new Dictionary<string, string>();
        if (fields["headers"] is not { } node || ExperimentFields.Open(node, fields.PathTo("headers"), "Write names with their values.", problems) is not { } entries)
            return headers;
        foreach (var (key, value) in entries.Entries)
        {
            if (value is not ExperimentNode.Scalar scalar)
                problems.Add(value, entries.PathTo(key.Text), $"is {value.Kind}, but should be a text", "Write the header's value.");
            else if (key.Text.Any(c => c is <= ' ' or > '~' or ':') || key.Text.Length == 0 || scalar.Text.Any(char.IsControl))
                problems.Add(key, entries.PathTo(key.Text), "is no header that can be sent", "Use letters, digits and dashes in the name, and no line breaks in the value.");
            else
                headers[key.Text] = scalar.Text;
        }
        return headers;
    }
}
