using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Holds thresholds against what was measured. Nothing measured is an error, never a pass.</summary>
internal static class ThresholdJudge
{
    public static ThresholdResult Judge(ThresholdManifest written, MeasuredRun run)
    {
        var text = $"{written.Metric}: {written.Expression}";
        if (!Threshold.TryParse(written.Metric, written.Expression, out var threshold, out var error))
            return Unjudged(text, error!);
        if (threshold!.WhyNotApplicable(run.Manifest.Requests) is { } why)
            return Unjudged(text, why);
        if (Measure(threshold, run) is not { } actual)
            return Unjudged(text, "Nothing was measured for this criterion, so it can't be judged");
        return new ThresholdResult(text, actual, threshold.Show(actual), threshold.Criterion.Holds(actual), null);
    }

    private static ThresholdResult Unjudged(string text, string error) => new(text, null, "", false, error);

    private static double? Measure(Threshold threshold, MeasuredRun run)
    {
        var total = run.Total(threshold.Selector.Matches);
        var aggregation = threshold.Criterion.Aggregation;
        return threshold.Selector.Metric switch
        {
            Metric.Trend trend => Duration(trend.Of(total), aggregation),
            Metric.Share share => share.Of(total) is (var part, > 0 and var whole) ? (double)part / whole : null,
            Metric.Counter counter when total.Asked + total.Sent > 0 => CountOrRate(counter.Of(total), aggregation, run),
            Metric.RunCounter counter when run.Total().Asked > 0 => CountOrRate(counter.Of(run), aggregation, run),
            _ => null,
        };
    }

    private static double? Duration(Histogram histogram, Aggregation aggregation) => histogram.Count == 0 ? null : Math.Round(aggregation switch
    {
        Aggregation.Average => histogram.Mean.TotalMilliseconds,
        Aggregation.Minimum => histogram.Min.TotalMilliseconds,
        Aggregation.Maximum => histogram.Max.TotalMilliseconds,
        Aggregation.Percentile p => histogram.Percentile(p.Percent).TotalMilliseconds,
        _ => throw new InvalidOperationException($"{aggregation} is no aggregation of durations"),
    }, 3);

    private static double? CountOrRate(long count, Aggregation aggregation, MeasuredRun run) =>
        aggregation is Aggregation.Count ? count : run.Seconds > 0 ? run.PerSecond(count) : null;
}
