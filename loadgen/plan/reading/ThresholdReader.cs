using Pressure.Record;
using Pressure.Reports;

namespace Pressure.LoadGen;

/// <summary>Reads <c>thresholds:</c>, and single ones that stand elsewhere.</summary>
/// <param name="scenarios">The plan's scenarios, with the names that tags mean.</param>
/// <param name="sampled">Whether hosts are sampled.</param>
/// <param name="problems">What is wrong.</param>
internal sealed class ThresholdReader(IReadOnlyList<Scenario> scenarios, bool sampled, ProblemList problems)
{
    private const int Most = 200;

    // A request that has a problem has perhaps lost the name that a threshold means: that is told once the rest is right.
    private readonly List<RequestManifest>? _requests = problems.Any ? null : RequestsOf(scenarios);

    public List<Threshold> ReadAll(PlanNode? node)
    {
        const string remedy = "Write thresholds such as [ { http_req_duration: p(95) < 500ms } ].";
        if (node is PlanNode.Sequence { Items.Count: 0 })
            return [];
        var items = ScalarReader.Items(node, "thresholds", Most, remedy, problems);
        return [.. items.Select((item, i) => Read(item, $"thresholds[{i}]", remedy)).OfType<Threshold>()];
    }

    /// <summary>A map of one metric with its expression; null after reporting.</summary>
    public Threshold? Read(PlanNode node, string path, string remedy)
    {
        if (node is PlanNode.Mapping { Entries: [var (metric, expression)] })
            return ScalarReader.TryRead<string>(expression, path, PlainText.Any, problems, out var text) ? Read(metric, text, path) : null;
        problems.Add(node, path, "is not a map with one key, the metric", remedy);
        return null;
    }

    private Threshold? Read(PlanNode.Scalar metric, string expression, string path)
    {
        var shown = Shown.Of($"{metric.Text}: {expression}");
        if (!Threshold.TryParse(metric.Text, expression, out var threshold, out var error))
            problems.Add(metric, path, $"'{shown}' is not a threshold", error!);
        else if (threshold!.IsAboutHosts && !sampled)
            problems.Add(metric, path, $"'{shown}' looks at nothing", "No host is sampled: write hosts: [ local ].");
        else if (_requests is not null && threshold.WhyNotApplicable(_requests) is { } why)
            problems.Add(metric, path, $"'{shown}' looks at nothing", why + ".");
        else
            return threshold;
        return null;
    }

    /// <summary>The requests as thresholds see them; their shares don't matter here.</summary>
    private static List<RequestManifest> RequestsOf(IReadOnlyList<Scenario> scenarios) =>
        [.. scenarios.SelectMany(s => s.Steps.OfType<Step.Request>(), (s, r) => new RequestManifest(r.Name, s.Name, r.Method, r.Url.AbsoluteUri, r.Service, 0))];
}
