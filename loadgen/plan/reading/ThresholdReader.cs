using Pressure.Record;
using Pressure.Reports;

namespace Pressure.LoadGen;

/// <summary>Reads <c>thresholds:</c>.</summary>
internal static class ThresholdReader
{
    private const int Most = 200;
    private const string Remedy = "Write thresholds such as [ { http_req_duration: p(95) < 500ms } ].";

    public static List<Threshold> Read(PlanNode? node, IReadOnlyList<Scenario> scenarios, ProblemList problems)
    {
        // A request that has a problem has perhaps lost the name that a threshold means: that is told once the rest is right.
        var requests = problems.Any ? null : RequestsOf(scenarios);
        var thresholds = new List<Threshold>();
        if (node is PlanNode.Sequence { Items.Count: 0 })
            return thresholds;
        var items = ScalarReader.Items(node, "thresholds", Most, Remedy, problems);
        for (var i = 0; i < items.Count; i++)
        {
            var path = $"thresholds[{i}]";
            if (items[i] is not PlanNode.Mapping { Entries: [var (metric, expression)] })
                problems.Add(items[i], path, "is not a map with one key, the metric", Remedy);
            else if (ScalarReader.TryRead<string>(expression, path, PlainText.Any, problems, out var text))
                Add(metric, text, path);
        }
        return thresholds;

        void Add(PlanNode.Scalar metric, string expression, string path)
        {
            var shown = Shown.Of($"{metric.Text}: {expression}");
            if (!Threshold.TryParse(metric.Text, expression, out var threshold, out var error))
                problems.Add(metric, path, $"'{shown}' is not a threshold", error!);
            else if (requests is not null && threshold!.WhyNotApplicable(requests) is { } why)
                problems.Add(metric, path, $"'{shown}' looks at nothing", why + ".");
            else
                thresholds.Add(threshold!);
        }
    }

    /// <summary>The requests as thresholds see them; their shares don't matter here.</summary>
    private static List<RequestManifest> RequestsOf(IReadOnlyList<Scenario> scenarios) =>
        [.. scenarios.SelectMany(s => s.Steps.OfType<Step.Request>(), (s, r) => new RequestManifest(r.Name, s.Name, r.Method, r.Url.AbsoluteUri, r.Service, 0))];
}
