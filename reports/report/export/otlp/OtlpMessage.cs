namespace Pressure.Reports.Export;

/// <summary>
/// Points as OpenTelemetry's <c>ExportMetricsServiceRequest</c> (opentelemetry-proto 1.x), in protocol buffers. Counts and durations are
/// deltas over their second, with its begin and end; durations are in milliseconds.
/// </summary>
internal static class OtlpMessage
{
    private const int Delta = 1;

    private const int Resource = 1;
    private const int ScopeMetrics = 2;
    private const int Metrics = 2;
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;

    private static readonly Lazy<string> Version = new(() => typeof(OtlpMessage).Assembly.GetName().Version?.ToString(3) ?? "0");

    public static byte[] Write(IReadOnlyList<MetricPoint> points)
    {
        var to = new ProtoWriter();
        to.Message(1, () =>
        {
            to.Message(Resource, () => Attribute(to, 1, "service.name", "pressure"));
            to.Message(ScopeMetrics, () =>
            {
                to.Message(1, () =>
                {
                    to.Text(1, "pressure");
                    to.Text(2, Version.Value);
                });
                foreach (var metric in points.GroupBy(p => p.Metric))
                    Write(to, metric.Key, [.. metric]);
            });
        });
        return to.Written.ToArray();
    }

    private static void Write(ProtoWriter to, ExportMetric metric, IReadOnlyList<MetricPoint> points)
    {
        switch (metric.Kind)
        {
            case MetricKind.Count:
                Named(to, metric, Sum, () => Sums(to, points, v => ((MetricValue.Count)v).Number));
                break;
            case MetricKind.Share:
                Named(to, metric, Sum, () => Sums(to, points, v => ((MetricValue.Share)v).Hits));
                Named(to, metric with { Name = metric.Name + ".base", Help = metric.Help + ": the whole" }, Sum, () => Sums(to, points, v => ((MetricValue.Share)v).Base));
                break;
            case MetricKind.Gauge:
                Named(to, metric, Gauge, () => Gauges(to, points));
                break;
            default:
                Named(to, metric, Histogram, () => Histograms(to, points));
                break;
        }
    }

    private static void Named(ProtoWriter to, ExportMetric metric, int kind, Action data) => to.Message(Metrics, () =>
    {
        to.Text(1, metric.Name);
        to.Text(2, metric.Help);
        to.Text(3, Unit(metric));
        to.Message(kind, data);
    });

    private static void Sums(ProtoWriter to, IReadOnlyList<MetricPoint> points, Func<MetricValue, long> value)
    {
        foreach (var point in points)
        {
            to.Message(1, () =>
            {
                Times(to, point);
                to.Fixed(6, value(point.Value));
                Attributes(to, 7, point);
            });
        }
        to.Enumeration(2, Delta);
        to.Enumeration(3, 1); // It never falls.
    }

    private static void Gauges(ProtoWriter to, IReadOnlyList<MetricPoint> points)
    {
        foreach (var point in points)
        {
            to.Message(1, () =>
            {
                to.Fixed(3, Nanoseconds(point.At));
                to.Real(4, ((MetricValue.Gauge)point.Value).Value);
                Attributes(to, 7, point);
            });
        }
    }

    private static void Histograms(ProtoWriter to, IReadOnlyList<MetricPoint> points)
    {
        foreach (var point in points)
        {
            to.Message(1, () =>
            {
                var (count, sum, min, max, buckets) = Distribution(point.Value);
                Times(to, point);
                to.Fixed(4, count);
                to.Real(5, sum);
                to.Packed(6, buckets);
                to.Packed(7, TimeFigures.Bounds);
                Attributes(to, 9, point);
                to.Real(11, min);
                to.Real(12, max);
            });
        }
        to.Enumeration(2, Delta);
    }

    private static (long Count, double Sum, double Min, double Max, IReadOnlyList<long> Buckets) Distribution(MetricValue value)
    {
        if (value is MetricValue.Times { Figures: var times })
            return (times.Count, times.Sum, times.Min, times.Max, times.Buckets);
        var milliseconds = ((MetricValue.Lasted)value).Length.TotalMilliseconds;
        var buckets = new long[TimeFigures.Bounds.Count + 1];
        buckets[TimeFigures.Bounds.TakeWhile(b => milliseconds > b).Count()] = 1;
        return (1, milliseconds, milliseconds, milliseconds, buckets);
    }

    private static void Times(ProtoWriter to, MetricPoint point)
    {
        to.Fixed(2, Nanoseconds(point.At));
        to.Fixed(3, Nanoseconds(point.At + point.Over));
    }

    private static void Attributes(ProtoWriter to, int field, MetricPoint point)
    {
        foreach (var tag in point.Tags)
            Attribute(to, field, tag.Name, tag.Value);
    }

    private static void Attribute(ProtoWriter to, int field, string name, string value) => to.Message(field, () =>
    {
        to.Text(1, name);
        to.Message(2, () => to.Text(1, value));
    });

    private static long Nanoseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * TimeSpan.NanosecondsPerTick;

    private static string Unit(ExportMetric metric) => metric.Unit switch
    {
        MetricUnit.Bytes => "By",
        MetricUnit.BytesPerSecond => "By/s",
        MetricUnit.PerSecond => "1/s",
        MetricUnit.Time => "ms",
        _ => "1",
    };
}
