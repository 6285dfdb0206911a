using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Holds thresholds against what was measured. Nothing measured is an error, never a pass.</summary>
internal static class ThresholdJudge
{
    // A host that has fallen silent, or has just come, is not to end a run by the one sample that there is of it.
    private const double LeastShareOfWindow = 0.5;

    public static ThresholdResult Judge(ThresholdManifest written, MeasuredRun run)
    {
        var text = $"{written.Metric}: {written.Expression}";
        return Look(written, run) switch
        {
            (_, _, { } why) => new ThresholdResult(text, null, "", false, why.In(ReportLanguage.En)),
            var (threshold, actual, _) => new ThresholdResult(text, actual!.Value, actual.ShownBy(threshold!), threshold!.Criterion.Holds(actual.Value), null),
        };
    }

    /// <summary>Why a threshold can't be judged, to be said in any language; null when it can.</summary>
    public static Sentence? WhyUnjudged(ThresholdManifest written, MeasuredRun run) => Look(written, run).Why;

    private static (Threshold? Threshold, Measure? Actual, Sentence? Why) Look(ThresholdManifest written, MeasuredRun run)
    {
        // The plan reader refuses these; what a foreign manifest holds is said as the grammar says it, in English.
        if (!Threshold.TryParse(written.Metric, written.Expression, out var threshold, out var error))
            return (null, null, new Sentence("verbatim", error!));
        if (threshold!.WhyNothingMatches(run.Manifest.Requests) is { } why)
            return (null, null, why);
        return Measure(threshold, run.Span(threshold)) is { } actual ? (threshold, actual, null) : (null, null, new Sentence("unjudged.nothing"));
    }

    /// <summary>The threshold's figure over a span of which the totals are of the requests that it looks at; null when nothing was measured.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <param name="span">What was measured.</param>
    /// <param name="any">Of several machines: whether it is enough that it holds for one of them (an abort rule); else it must hold for all.</param>
    public static Measure? Measure(Threshold threshold, MeasuredSpan span, bool any = false)
    {
        var aggregation = threshold.Criterion.Aggregation;
        return threshold.Selector.Metric switch
        {
            Metric.Trend trend => Of(Duration(trend.Of(span.Total), aggregation)),
            Metric.Share share => share.Of(span.Total) is (var part, > 0 and var whole) ? new((double)part / whole) : null,
            Metric.RunShare share => share.Of(span) is (var part, > 0 and var whole) ? new((double)part / whole) : null,
            Metric.Counter counter when span.Total.Asked + span.Total.Sent > 0 => Of(CountOrRate(counter.Of(span.Total), aggregation, span)),
            Metric.RunCounter counter when span.Total.Asked > 0 => Of(CountOrRate(counter.Of(span), aggregation, span)),
            { IsOfMachines: true } metric when span.Readings.Figures(aggregation, span.Seconds, any ? LeastShareOfWindow : 0) is { Count: > 0 } figures =>
                OfMachines(threshold.Criterion.Decisive(figures, any), figures.Count > 1 || metric is not Metric.Gauge),
            _ => null,
        };
    }

    private static Measure? Of(double? value) => value is { } v ? new(v) : null;

    private static Measure OfMachines(Reading decisive, bool named) => new(Math.Round(decisive.Value, 6), named ? decisive.Subject : null);

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

/// <summary>What was measured for a threshold.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Of">The machine whose figure it is, where there are several.</param>
internal sealed record Measure(double Value, Subject? Of = null)
{
    /// <summary>For people: <c>97.5 % (web1)</c>.</summary>
    public string ShownBy(Threshold threshold) => threshold.Show(Value) + (Of is { } subject ? $" ({subject.Title})" : "");
}
