using Pressure.Record;
using Pressure.Reports.Export;

namespace Pressure.Reports.Tests.Export;

/// <summary>Points to export.</summary>
internal static class Points
{
    public static readonly DateTimeOffset At = new(2026, 11, 21, 15, 0, 0, 123, TimeSpan.Zero);

    public static MetricPoint Of(MetricValue value, params (string Name, string? Value)[] tags) => new(Metric(value), PointList.Tags(tags), At, TimeSpan.FromSeconds(1), value);

    public static MetricPoint Count(long number, params (string Name, string? Value)[] tags) => Of(new MetricValue.Count(number), tags);

    public static MetricPoint Gauge(double value, params (string Name, string? Value)[] tags) => Of(new MetricValue.Gauge(value), tags);

    public static MetricPoint Times(params double[] milliseconds) => Of(new MetricValue.Times(TimeFigures.Of(Histogram(milliseconds))!), ("run", "r"), ("name", "n"));

    public static Histogram Histogram(params IEnumerable<double> milliseconds)
    {
        var histogram = new Histogram();
        foreach (var one in milliseconds)
            histogram.Record(TimeSpan.FromMilliseconds(one));
        return histogram;
    }

    public static IReadOnlyList<MetricPoint> Many(int count) => [.. Enumerable.Range(0, count).Select(i => Count(i, ("run", "r")))];

    private static ExportMetric Metric(MetricValue value) => value switch
    {
        MetricValue.Count => ExportMetrics.Requests,
        MetricValue.Gauge => ExportMetrics.MemoryUsed,
        MetricValue.Share => ExportMetrics.Failed,
        MetricValue.Times => ExportMetrics.Duration,
        _ => ExportMetrics.GcPause,
    };
}
