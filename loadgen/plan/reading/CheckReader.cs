using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>Reads <c>check:</c>.</summary>
internal static class CheckReader
{
    private const int MostStatuses = 50;
    private const string HeaderRemedy = "Write a map of names and what each must contain: { Content-Type: json }.";
    private const string JsonRemedy = "Write a map of paths and values: { $.ok: true }.";

    public static List<Check> Read(FieldReader step)
    {
        var checks = new List<Check>();
        if (step["check"] is not { } node || FieldReader.Open(node, step.PathTo("check"), PlanKeys.Check, step.Problems) is not { } fields)
            return checks;
        if (!fields.Keys.Any())
            fields.Report("checks nothing", "Write status, body, bodyMatches, header or json, or remove check.");
        if (fields["status"] is { } status && ReadStatus(status, fields.PathTo("status"), fields.Problems) is { Count: > 0 } ranges)
            checks.Add(new Check.Status(ranges));
        if (fields.Has("body") && fields.Read<string?>("body", ParseContained, null) is { Length: > 0 } text)
            checks.Add(new Check.BodyContains(text));
        if (fields.Has("bodyMatches") && fields.Read<Regex?>("bodyMatches", PatternText.Parse, null) is { } pattern)
            checks.Add(new Check.BodyMatches(pattern));
        ReadHeaders(fields, checks);
        ReadJson(fields, checks);
        return checks;
    }

    private static List<(int From, int To)> ReadStatus(PlanNode node, string path, ProblemList problems)
    {
        if (node is PlanNode.Scalar)
            return ScalarReader.TryRead<(int, int)>(node, path, StatusText.Parse, problems, out var one) ? [one] : [];
        var ranges = new List<(int From, int To)>();
        var items = ScalarReader.Items(node, path, MostStatuses, "Write a status such as 200, or a list: [200, 404].", problems);
        for (var i = 0; i < items.Count; i++)
        {
            if (ScalarReader.TryRead<(int, int)>(items[i], $"{path}[{i}]", StatusText.Parse, problems, out var range))
                ranges.Add(range);
        }
        return ranges;
    }

    /// <summary>A text to look for.</summary>
    public static Complaint? ParseContained(string text, out string? value)
    {
        value = text;
        return text.Length > 0 ? null : new("is empty, which everything contains", "Write a text that must be contained.");
    }

    private static void ReadHeaders(FieldReader fields, List<Check> checks)
    {
        if (fields["header"] is not { } node || FieldReader.Open(node, fields.PathTo("header"), HeaderRemedy, fields.Problems) is not { } headers)
            return;
        if (!headers.Keys.Any())
            fields.Report("header", "checks nothing", HeaderRemedy);
        foreach (var name in headers.Keys)
        {
            if (headers.Read<string?>(name, ParseContained, null) is { Length: > 0 } text)
                checks.Add(new Check.Header(name, text));
        }
    }

    /// <summary>Reads <c>json:</c>, paths with the value that must stand there.</summary>
    public static void ReadJson(FieldReader fields, List<Check> checks)
    {
        if (fields["json"] is not { } node || FieldReader.Open(node, fields.PathTo("json"), JsonRemedy, fields.Problems) is not { } paths)
            return;
        if (!paths.Keys.Any())
            fields.Report("json", "checks nothing", JsonRemedy);
        foreach (var text in paths.Keys)
        {
            if (JsonPath.Parse(text, out var path) is { } complaint)
                paths.Report(text, complaint.Message, complaint.Remedy);
            else if (paths[text] is PlanNode.Scalar value)
                checks.Add(new Check.Json(path!, value.IsNull ? null : value.Text, IsText: value.Quoted || !JsonBody.IsLiteral(value)));
            else
                paths.Report(text, "is not compared with a single value", JsonRemedy);
        }
    }
}
