using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A histogram's figures in milliseconds.</summary>
internal static class Durations
{
    public static DurationSummary Of(Histogram histogram) => new(
        Milliseconds(histogram.Min),
        Milliseconds(histogram.Mean),
        Milliseconds(histogram.Percentile(50)),
        Milliseconds(histogram.Percentile(90)),
        Milliseconds(histogram.Percentile(95)),
        Milliseconds(histogram.Percentile(99)),
        Milliseconds(histogram.Percentile(99.9)),
        Milliseconds(histogram.Max));

    public static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
