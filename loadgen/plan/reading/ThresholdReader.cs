using Pressure.Reports;

namespace Pressure.LoadGen;

/// <summary>Reads <c>thresholds:</c>.</summary>
internal static class ThresholdReader
{
    private const int Most = 200;
    private const string Remedy = "Write thresholds such as [ { http_req_duration: p(95) < 500ms } ].";

    public static List<Threshold> Read(PlanNode? node, ProblemList problems)
    {
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
            if (Threshold.TryParse(metric.Text, expression, out var threshold, out var error))
                thresholds.Add(threshold!);
            else
                problems.Add(metric, path, $"'{Shown.Of($"{metric.Text}: {expression}")}' is not a threshold", error!);
        }
    }
}
