using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A metric and the tags that narrow it: <c>http_req_duration{name:buy,method:POST}</c>.</summary>
internal sealed record MetricSelector(Metric Metric, IReadOnlyList<(string Tag, string Value)> Tags)
{
    private static readonly Dictionary<string, Func<RequestManifest, string>> Readers = new()
    {
        ["name"] = r => r.Name,
        ["scenario"] = r => r.Scenario,
        ["service"] = r => r.Service,
        ["method"] = r => r.Method,
    };

    /// <summary>k6 metrics that this generator does not measure, with what comes nearest.</summary>
    private static readonly Dictionary<string, string> Unmeasured = new()
    {
        ["iteration_duration"] = "http_req_duration",
        ["vus"] = "http_reqs",
        ["vus_max"] = "http_reqs",
    };

    public bool Matches(RequestManifest request) => !Metric.IsOfMachines && Tags.All(t => Readers[t.Tag](request) == t.Value);

    public bool Matches(Subject subject) => Tags.All(t => subject.Tag(t.Tag) == t.Value);

    public Sentence WhyNothingMatches(IReadOnlyList<RequestManifest> requests)
    {
        var (tag, value) = Tags.FirstOrDefault(t => !requests.Any(r => Readers[t.Tag](r) == t.Value));
        if (tag is null)
            return new Sentence("unjudged.tags");
        var known = requests.Select(Readers[tag]).Distinct().ToList();
        var shown = string.Join(", ", known.Take(8)) + (known.Count > 8 ? ", ..." : "");
        return new Sentence("unjudged.tag", tag, value, shown);
    }

    public static bool TryParse(string text, out MetricSelector? selector, out string? error)
    {
        selector = null;
        text = text.Trim();
        var brace = text.IndexOf('{');
        var name = (brace < 0 ? text : text[..brace]).TrimEnd();
        if (Metric.All.FirstOrDefault(m => m.Name == name) is not { } metric)
        {
            error = WhyUnknown(name);
            return false;
        }
        if (brace < 0)
        {
            (selector, error) = (new MetricSelector(metric, []), null);
            return true;
        }
        error = ReadTags(text[brace..], metric.IsOfMachines ? metric.SubjectTags : [.. Readers.Keys], out var tags);
        if (error is null && metric.IsOfRun)
            error = $"'{name}' is of the run as a whole and carries no tags; write it without {{...}}";
        selector = error is null ? new MetricSelector(metric, tags) : null;
        return error is null;
    }

    private static string WhyUnknown(string name)
    {
        if (name.Length == 0)
            return $"The metric is missing; write one of {string.Join(", ", Metric.All.Select(m => m.Name))}";
        if (Unmeasured.TryGetValue(name, out var instead))
            return $"'{name}' is a metric of k6 that is not measured here; '{instead}' comes nearest";
        return $"Unknown metric '{name}'; did you mean '{Spelling.Nearest(name, Metric.All.Select(m => m.Name))}'?";
    }

    private static string? ReadTags(string braces, IReadOnlyList<string> known, out List<(string, string)> tags)
    {
        tags = [];
        if (!braces.EndsWith('}') || braces.Length < 3)
            return "Tags stand in braces: {name:buy} or {name:buy,method:POST}";
        foreach (var part in SplitOutsideQuotes(braces[1..^1]))
        {
            var colon = part.IndexOf(':');
            if (colon < 0)
                return $"The tag '{part.Trim()}' has no value; write tag:value, e.g. name:buy";
            var (tag, value) = (part[..colon].Trim(), Unquote(part[(colon + 1)..].Trim()));
            if (!known.Contains(tag))
                return $"Unknown tag '{tag}'; there are {string.Join(", ", known)}";
            if (value.Length == 0)
                return $"The tag '{tag}' has an empty value";
            tags.Add((tag, value));
        }
        return null;
    }

    private static IEnumerable<string> SplitOutsideQuotes(string text)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                quoted = !quoted;
            if (text[i] != ',' || quoted)
                continue;
            yield return text[start..i];
            start = i + 1;
        }
        yield return text[start..];
    }

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
}
