namespace Pressure.Reports;

/// <summary>How a metric's values become one figure. A closed set.</summary>
internal abstract record Aggregation
{
    private Aggregation()
    {
    }

    public sealed record Average : Aggregation;

    public sealed record Minimum : Aggregation;

    public sealed record Maximum : Aggregation;

    /// <summary>The value at or below which Percent (0 to 100) of all lie; the median is 50.</summary>
    public sealed record Percentile(double Percent) : Aggregation;

    public sealed record Count : Aggregation;

    public sealed record Rate : Aggregation;

    /// <summary>Reads an aggregation as written; <paramref name="argument"/> is what stands in its brackets.</summary>
    public static Aggregation? Parse(string name, double? argument, Metric metric) => (name, argument, metric) switch
    {
        ("avg", null, Metric.Trend or Metric.Gauge or Metric.GcPause) => new Average(),
        ("min", null, Metric.Trend or Metric.Gauge or Metric.GcPause) => new Minimum(),
        ("med", null, Metric.Trend or Metric.GcPause) => new Percentile(50),
        ("max", null, Metric.Trend or Metric.Gauge or Metric.GcPause) => new Maximum(),
        ("p", >= 0 and <= 100, Metric.Trend or Metric.GcPause) => new Percentile(argument.Value),
        ("rate", null, not (Metric.Trend or Metric.Gauge or Metric.GcPause)) => new Rate(),
        ("count", null, Metric.Counter or Metric.RunCounter or Metric.GcCount) => new Count(),
        _ => null,
    };
}
