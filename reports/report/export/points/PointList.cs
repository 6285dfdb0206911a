using Pressure.Record;

namespace Pressure.Reports.Export;

/// <summary>Collects the points of one moment. What there is nothing to say of makes no point: no count of none, nothing that is not a number.</summary>
internal sealed class PointList(DateTimeOffset at, TimeSpan over)
{
    private readonly List<MetricPoint> _points = [];

    public IReadOnlyList<MetricPoint> Points => _points;

    /// <summary>A count, also of none.</summary>
    public void Number(ExportMetric metric, long number, IReadOnlyList<MetricTag> tags) => Add(metric, tags, new MetricValue.Count(number));

    public void Count(ExportMetric metric, long number, IReadOnlyList<MetricTag> tags)
    {
        if (number > 0)
            Number(metric, number, tags);
    }

    public void Gauge(ExportMetric metric, double? value, IReadOnlyList<MetricTag> tags)
    {
        if (value is { } known && double.IsFinite(known))
            Add(metric, tags, new MetricValue.Gauge(known));
    }

    public void Share(ExportMetric metric, long hits, long whole, IReadOnlyList<MetricTag> tags)
    {
        if (whole > 0)
            Add(metric, tags, new MetricValue.Share(hits, whole));
    }

    public void Times(ExportMetric metric, Histogram times, IReadOnlyList<MetricTag> tags)
    {
        if (TimeFigures.Of(times) is { } figures)
            Add(metric, tags, new MetricValue.Times(figures));
    }

    public void Lasted(ExportMetric metric, TimeSpan length, IReadOnlyList<MetricTag> tags) => Add(metric, tags, new MetricValue.Lasted(length));

    public static IReadOnlyList<MetricTag> Tags(params (string Name, string? Value)[] tags) =>
        [.. tags.Where(t => t.Value is not null).Select(t => new MetricTag(t.Name, t.Value!)).Where(t => t.Value.Length > 0)];

    public static IReadOnlyList<MetricTag> With(IReadOnlyList<MetricTag> tags, params (string Name, string? Value)[] more) => [.. tags, .. Tags(more)];

    private void Add(ExportMetric metric, IReadOnlyList<MetricTag> tags, MetricValue value) => _points.Add(new MetricPoint(metric, tags, at, over, value));
}
