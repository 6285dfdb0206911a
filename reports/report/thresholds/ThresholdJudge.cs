using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Holds thresholds against what was measured. Nothing measured is an error, never a pass.</summary>
internal static class ThresholdJudge
{
    public static ThresholdResult Judge(ThresholdManifest written, MeasuredRun run)
    {
        var text = $"{written.Metric}: {written.Expression}";
        return Look(written, run) switch
        {
            (_, _, { } why) => new ThresholdResult(text, null, "", false, why.In(ReportLanguage.En)),
            var (threshold, actual, _) => new ThresholdResult(text, actual, threshold!.Show(actual), threshold.Criterion.Holds(actual), null),
        };
    }

    /// <summary>Why a threshold can't be judged, to be said in any language; null when it can.</summary>
    public static Sentence? WhyUnjudged(ThresholdManifest written, MeasuredRun run) => Look(written, run).Why;

    private static (Threshold? Threshold, double Actual, Sentence? Why) Look(ThresholdManifest written, MeasuredRun run)
    {
        // The plan reader refuses these; what a foreign manifest holds is said as the grammar says it, in English.
        if (!Threshold.TryParse(written.Metric, written.Expression, out var threshold, out var error))
            return (null, 0, new Sentence("verbatim", error!));
        if (threshold!.WhyNothingMatches(run.Manifest.Requests) is { } why)
            return (null, 0, why);
        return Measure(threshold, run.Span(threshold.Selector.Matches)) is { } actual ? (threshold, actual, null) : (null, 0, new Sentence("unjudged.nothing"));
    }

    /// <summary>The threshold's figure over a span of which the totals are of the requests that it looks at; null when nothing was measured.</summary>
    public static double? Measure(Threshold threshold, MeasuredSpan span)
    {
        var aggregation = threshold.Criterion.Aggregation;
        return threshold.Selector.Metric switch
        {
            Metric.Trend trend => Duration(trend.Of(span.Total), aggregation),
            Metric.Share share => share.Of(span.Total) is (var part, > 0 and var whole) ? (double)part / whole : null,
            Metric.Counter counter when span.Total.Asked + span.Total.Sent > 0 => CountOrRate(counter.Of(span.Total), aggregation, span),
            Metric.RunCounter counter when span.Total.Asked > 0 => CountOrRate(counter.Of(span), aggregation, span),
            Metric.HostShare share when span.Hosts.Count > 0 => OfHosts([.. span.Hosts.Select(share.Of)], aggregation),
            _ => null,
        };
    }

    private static double OfHosts(IReadOnlyList<double> shares, Aggregation aggregation) => aggregation switch
    {
        Aggregation.Average => shares.Average(),
        Aggregation.Minimum => shares.Min(),
        _ => shares.Max(),
    };

    private static double? Duration(Histogram histogram, Aggregation aggregation) => histogram.Count == 0 ? null : Math.Round(aggregation switch
    {
        Aggregation.Average => histogram.Mean.TotalMilliseconds,
        Aggregation.Minimum => histogram.Min.TotalMilliseconds,
        Aggregation.Maximum => histogram.Max.TotalMilliseconds,
        Aggregation.Percentile p => histogram.Percentile(p.Percent).TotalMilliseconds,
        _ => throw new InvalidOperationException($"{aggregation} is no aggregation of durations"),
    }, 3);

    private static double? CountOrRate(long count, Aggregation aggregation, MeasuredSpan span) =>
        aggregation is Aggregation.Count ? count : span.Seconds > 0 ? Math.Round(count / span.Seconds, 4) : null;
}
