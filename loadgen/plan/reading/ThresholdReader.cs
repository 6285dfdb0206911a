using Pressure.Record;
using Pressure.Reports;

namespace Pressure.LoadGen;

/// <summary>Reads <c>thresholds:</c>.</summary>
internal static class ThresholdReader
{
    private const int Most = 200;
    private const string TextRemedy = "Write criteria such as [ \"http_req_duration: p(95) < 200ms\", \"http_req_failed: rate < 1%\" ].";
    private const string Remedy = "Write thresholds such as [ { http_req_duration: p(95) < 500ms } ].";

    public static List<Threshold> Read(PlanNode? node, IReadOnlyList<Scenario> scenarios, ProblemList problems) =>
        // A request that has a problem has perhaps lost the name that a threshold means: that is told once the rest is right.
        Read(node, "thresholds", problems.Any ? null : RequestsOf(scenarios), mayBeText: false, problems);

    /// <summary>Reads a list under any key.</summary>
    /// <param name="node">The list.</param>
    /// <param name="list">Its path.</param>
    /// <param name="requests">The plan's requests, if they are known: each threshold must look at one of them.</param>
    /// <param name="mayBeText">Whether metric and expression may stand in one text.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static List<Threshold> Read(PlanNode? node, string list, IReadOnlyList<RequestManifest>? requests, bool mayBeText, ProblemList problems)
    {
        var thresholds = new List<Threshold>();
        if (node is PlanNode.Sequence { Items.Count: 0 })
            return thresholds;
        var items = ScalarReader.Items(node, list, Most, mayBeText ? TextRemedy : Remedy, problems);
        for (var i = 0; i < items.Count; i++)
        {
            var path = $"{list}[{i}]";
            if (mayBeText && items[i] is PlanNode.Scalar { IsNull: false } line)
                AddLine(line, path);
            else if (items[i] is not PlanNode.Mapping { Entries: [var (metric, expression)] })
                problems.Add(items[i], path, "is not a map with one key, the metric", mayBeText ? TextRemedy : Remedy);
            else if (ScalarReader.TryRead<string>(expression, path, PlainText.Any, problems, out var text))
                Add(metric, metric.Text, text, path);
        }
        return thresholds;

        void AddLine(PlanNode.Scalar line, string path)
        {
            // Behind the tags, in which colons stand too.
            var colon = line.Text.IndexOf(':', Math.Max(0, line.Text.IndexOf('}')));
            if (colon < 0)
                problems.Add(line, path, $"'{Shown.Of(line.Text)}' has no colon behind the metric", TextRemedy);
            else
                Add(line, line.Text[..colon], line.Text[(colon + 1)..], path);
        }

        void Add(PlanNode.Scalar at, string metric, string expression, string path)
        {
            var shown = Shown.Of($"{metric}: {expression}");
            if (!Threshold.TryParse(metric, expression, out var threshold, out var error))
                problems.Add(at, path, $"'{shown}' is not a threshold", error!);
            else if (requests is not null && threshold!.WhyNotApplicable(requests) is { } why)
                problems.Add(at, path, $"'{shown}' looks at nothing", why + ".");
            else
                thresholds.Add(threshold!);
        }
    }

    /// <summary>Reports criteria of a search that look at no request of the plan.</summary>
    public static void CheckApplicable(Load.Search search, IReadOnlyList<Scenario> scenarios, PlanNode node, ProblemList problems)
    {
        var requests = RequestsOf(scenarios);
        foreach (var (i, slo) in problems.Any ? [] : search.Slo.Index())
        {
            if (slo.WhyNotApplicable(requests) is { } why)
                problems.Add(node, $"load.search.slo[{i}]", $"'{Shown.Of(slo.ToString())}' looks at nothing", why + ".");
        }
    }

    /// <summary>The requests as thresholds see them; their shares don't matter here.</summary>
    private static List<RequestManifest> RequestsOf(IReadOnlyList<Scenario> scenarios) =>
        [.. scenarios.SelectMany(s => s.Steps.OfType<Step.Request>(), (s, r) => new RequestManifest(r.Name, s.Name, r.Method, r.Url.AbsoluteUri, r.Service, 0))];
}
