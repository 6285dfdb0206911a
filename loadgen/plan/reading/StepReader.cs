using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads one step: a request or a pause.</summary>
internal sealed class StepReader(Uri target, string? folder, RequestNames names, TemplateNames templates)
{
    public Step? Read(PlanNode node, string path, ProblemList problems)
    {
        if (FieldReader.Open(node, path, PlanKeys.Step, problems) is not { } fields)
            return null;
        var methods = PlanKeys.Methods.Where(fields.Has).ToList();
        if (fields.Has("think"))
            return ReadThink(fields);
        if (methods.Count == 0)
        {
            fields.Report("is neither a request nor a pause", $"Give one of {string.Join(", ", PlanKeys.Methods)} with a URL, or think with a time.");
            return null;
        }
        foreach (var extra in methods.Skip(1))
            fields.Report(extra, $"a second method beside '{methods[0]}'", "Write one request per step.");
        return ReadRequest(fields, methods[0]);
    }

    private static Step.Think? ReadThink(FieldReader fields)
    {
        foreach (var key in fields.Keys.Where(k => k != "think" && PlanKeys.Step.Keys.Contains(k)))
            fields.Report(key, "has nothing to do with a pause", "Put think into a step of its own.");
        return fields.Read("think", ThinkText.Parse, (Step.Think?)null!);
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
