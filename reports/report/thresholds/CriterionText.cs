using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A criterion in words: <c>http_req_duration{name:order}: p(95) &lt; 500ms</c> is "Response time p95 below 500 ms (name order)".</summary>
internal static class CriterionText
{
    public static Sentence Of(ThresholdManifest written)
    {
        if (!Threshold.TryParse(written.Metric, written.Expression, out var threshold, out _))
            return new Sentence("verbatim", $"{written.Metric}: {written.Expression}");
        var (what, bound, _) = Parts(threshold!);
        return threshold!.Selector.Tags.Count == 0
            ? new Sentence("criterion", what, bound)
            : new Sentence("criterion.tagged", what, bound, string.Join(", ", threshold.Selector.Tags.Select(t => $"{t.Tag} {t.Value}")));
    }

    /// <summary>What it looks at, the bound, and how its values are shown; for one that can't be read, its words.</summary>
    public static (Sentence What, Sentence Bound, Func<double, string> Show) Parts(ThresholdManifest written) =>
        Threshold.TryParse(written.Metric, written.Expression, out var threshold, out _)
            ? Parts(threshold!)
            : (new Sentence("verbatim", written.Metric), new Sentence("verbatim", written.Expression), Figures.Number);

    private static (Sentence What, Sentence Bound, Func<double, string> Show) Parts(Threshold threshold)
    {
        var (metric, criterion) = (threshold.Selector.Metric, threshold.Criterion);
        var what = metric is Metric.Trend or Metric.Gauge or Metric.GcPause
            ? new Sentence("criterion.trend", new Sentence("metric." + metric.Name), Aggregation(criterion.Aggregation))
            : new Sentence($"metric.{metric.Name}{(metric is not (Metric.Share or Metric.RunShare or Metric.GcTime) && criterion.Aggregation is Aggregation.Rate ? ".rate" : "")}");
        var bound = new Sentence("operator." + criterion.Operator.Replace("===", "==", StringComparison.Ordinal), threshold.Show(criterion.Value));
        return (what, bound, threshold.Show);
    }

    private static Sentence Aggregation(Aggregation aggregation) => aggregation switch
    {
        Reports.Aggregation.Percentile p => new("verbatim", "p" + p.Percent.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        _ => new("aggregation." + aggregation.GetType().Name),
    };
}
