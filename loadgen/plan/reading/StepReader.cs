using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads the steps of scenarios: requests, pauses, and what is done on sockets.</summary>
internal sealed class StepReader(Uri target, string? folder, RequestNames names, TemplateNames templates)
{
    private static readonly IReadOnlyList<string> Kinds = [.. PlanKeys.Methods, .. PlanKeys.Beside.Keys];

    /// <summary>A scenario's steps; null for each that could not be read.</summary>
    public List<Step?> ReadAll(IReadOnlyList<PlanNode> items, string path, ProblemList problems)
    {
        var sockets = new SocketStepReader(target, names, templates);
        var steps = new List<Step?>();
        for (var i = 0; i < items.Count; i++)
        {
            var step = Read(items[i], $"{path}[{i}]", sockets, steps.LastOrDefault(), problems);
            // An expectation right behind a send is part of the same request.
            if (step is Step.Request { Socket: SocketAction.Message { Send: not null, Expect: not null } })
                steps[^1] = step;
            else
                steps.Add(step);
        }

        return steps;
    }

    private Step? Read(PlanNode node, string path, SocketStepReader sockets, Step? before, ProblemList problems)
    {
        if (FieldReader.Open(node, path, PlanKeys.Step, problems) is not { } fields)
            return null;
        var kinds = Kinds.Where(fields.Has).ToList();
        if (kinds.Count == 0)
        {
            fields.Report("is neither a request nor a pause", $"Give one of {string.Join(", ", PlanKeys.Methods)} with a URL, or think with a time; or for sockets ws, tcp, send, expect or close.");
            return null;
        }

        var kind = kinds.FirstOrDefault(PlanKeys.Beside.ContainsKey) ?? kinds[0];
        CheckBeside(fields, kind);
        return kind switch
        {
            "think" => fields.Read("think", ThinkText.Parse, (Step.Think?)null!),
            _ when PlanKeys.Beside.ContainsKey(kind) => sockets.Read(fields, kind, before),
            _ => ReadRequest(fields, kind),
        };
    }

    private static void CheckBeside(FieldReader fields, string kind)
    {
        foreach (var key in fields.Keys.Where(k => k != kind && PlanKeys.Step.Keys.Contains(k)))
        {
            if (!PlanKeys.Beside.TryGetValue(kind, out var allowed))
            {
                if (PlanKeys.Methods.Contains(key))
                    fields.Report(key, $"a second method beside '{kind}'", "Write one request per step.");
                else if (key == "subprotocol")
                    fields.Report(key, "is for WebSockets", "Remove it, or write ws: instead of the method.");
            }
            else if (!allowed.Contains(key))
            {
                fields.Report(key, $"has nothing to do with {(kind == "think" ? "a pause" : kind)}", $"Put {(Kinds.Contains(key) ? key : kind)} into a step of its own{(Kinds.Contains(key) ? "" : ", or remove this")}.");
            }
        }
    }

    private Step.Request ReadRequest(FieldReader fields, string method)
    {
        Templates.Check(fields, [method, "query", "headers", "body", "json", "form", "multipart", "auth"], templates);
        var url = fields.Read(method, UrlText.Below(target), target);
        var query = PairReader.Texts(fields, "query", "Write a map such as { id: 42 }, or a list of one-key maps.");
        if (UrlText.WithQuery(url, query, out var whole) is { } complaint)
            fields.Report("query", complaint.Message, complaint.Remedy);
        var headers = HeaderReader.Read(fields);
        var body = BodyReader.Read(fields, headers, folder, templates);
        var authorization = AuthReader.Read(fields, headers, templates);
        return new()
        {
            Name = fields.Has("name") ? names.Given(fields) : names.Made(method.ToUpperInvariant(), url, target),
            Method = method.ToUpperInvariant(),
            Url = whole,
            Service = fields.Read<string>("service", PlainText.Name, url.Authority),
            Headers = headers,
            Timeout = fields.Has("timeout") ? fields.Read("timeout", HttpReader.Time, default) : null,
            Redirects = fields.Has("redirects") ? fields.Read("redirects", HttpReader.Redirects, 0) : null,
            Body = body?.Bytes,
            Template = RequestTemplate.Of(whole, headers, body?.Template, authorization, templates),
            Extracts = ExtractReader.Read(fields, templates),
            Checks = CheckReader.Read(fields),
        };
    }
}
