using Pressure.Record;
using Pressure.Reports;

namespace Pressure.LoadGen;

/// <summary>Reads <c>thresholds:</c>, and single ones that stand elsewhere.</summary>
/// <param name="scenarios">The plan's scenarios, with the names that tags mean; null when they are not known yet.</param>
/// <param name="sampled">Whether hosts are sampled.</param>
/// <param name="problems">What is wrong.</param>
internal sealed class ThresholdReader(IReadOnlyList<Scenario>? scenarios, bool sampled, ProblemList problems)
{
    private const int Most = 200;

    // A request that has a problem has perhaps lost the name that a threshold means: that is told once the rest is right.
    private readonly List<RequestManifest>? _requests = problems.Any || scenarios is null ? null : RequestsOf(scenarios);

    public List<Threshold> ReadAll(PlanNode? node)
    {
        const string remedy = "Write thresholds such as [ { http_req_duration: p(95) < 500ms } ].";
        if (node is PlanNode.Sequence { Items.Count: 0 })
            return [];
        var items = ScalarReader.Items(node, "thresholds", Most, remedy, problems);
        return [.. items.Select((item, i) => Read(item, $"thresholds[{i}]", remedy)).OfType<Threshold>()];
    }

    /// <summary>A list of criteria, each a map of one metric or one text: <c>"http_req_failed: rate &lt; 1%"</c>.</summary>
    public List<Threshold> ReadCriteria(PlanNode? node, string list)
    {
        const string remedy = "Write criteria such as [ \"http_req_duration: p(95) < 200ms\", \"http_req_failed: rate < 1%\" ].";
        var items = ScalarReader.Items(node, list, Most, remedy, problems);
        return [.. items.Select((item, i) => item is PlanNode.Scalar { IsNull: false } line ? OfPart(ReadLine(line, $"{list}[{i}]", remedy), item, $"{list}[{i}]") : ReadOfPart(item, $"{list}[{i}]", remedy)).OfType<Threshold>()];
    }

    /// <summary>Reports a criterion, read before the scenarios were known, that looks at nothing.</summary>
    public void CheckApplicable(Threshold threshold, PlanNode at, string path)
    {
        if (WhyNothing(threshold) is { } why)
            problems.Add(at, path, $"'{Shown.Of(threshold.ToString())}' looks at nothing", why);
    }

    /// <summary>A map of one metric with its expression; null after reporting.</summary>
    public Threshold? Read(PlanNode node, string path, string remedy)
    {
        if (node is PlanNode.Mapping { Entries: [var (metric, expression)] })
            return ScalarReader.TryRead<string>(expression, path, PlainText.Any, problems, out var text) ? Read(metric, metric.Text, text, path) : null;
        problems.Add(node, path, "is not a map with one key, the metric", remedy);
        return null;
    }

    /// <summary>The same for one that is held against a part of the run.</summary>
    public Threshold? ReadOfPart(PlanNode node, string path, string remedy) => OfPart(Read(node, path, remedy), node, path);

    private Threshold? OfPart(Threshold? threshold, PlanNode at, string path)
    {
        if (threshold is not { IsAboutComparison: true })
            return threshold;
        problems.Add(at, path, $"'{Shown.Of(threshold.ToString())}' is known of the run as a whole only", "Write it under thresholds.");
        return null;
    }

    private Threshold? ReadLine(PlanNode.Scalar line, string path, string remedy)
    {
        // Behind the tags, in which colons stand too.
        var colon = line.Text.IndexOf(':', Math.Max(0, line.Text.IndexOf('}')));
        if (colon >= 0)
            return Read(line, line.Text[..colon], line.Text[(colon + 1)..], path);
        problems.Add(line, path, $"'{Shown.Of(line.Text)}' has no colon behind the metric", remedy);
        return null;
    }

    private Threshold? Read(PlanNode at, string metric, string expression, string path)
    {
        var shown = Shown.Of($"{metric}: {expression}");
        if (!Threshold.TryParse(metric, expression, out var threshold, out var error))
            problems.Add(at, path, $"'{shown}' is not a threshold", error!);
        else if (WhyNothing(threshold!) is { } why)
            problems.Add(at, path, $"'{shown}' looks at nothing", why);
        else
            return threshold;
        return null;
    }

    private string? WhyNothing(Threshold threshold) =>
        threshold.IsAboutHosts && !sampled ? "No host is sampled: write hosts: [ local ]."
        : _requests is not null && threshold.WhyNotApplicable(_requests) is { } why ? why + "."
        : null;

    /// <summary>The requests as thresholds see them; their shares don't matter here.</summary>
    private static List<RequestManifest> RequestsOf(IReadOnlyList<Scenario> scenarios) =>
        [.. scenarios.SelectMany(s => s.Steps.OfType<Step.Request>(), (s, r) => new RequestManifest(r.Name, s.Name, r.Method, r.Url.AbsoluteUri, r.Service, 0))];
}
