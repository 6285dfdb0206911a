namespace Pressure.Reports.Export;

/// <summary>
/// What a scrape sees: counts and durations added up since a run began, gauges as last told. Bounded: further series than
/// <see cref="MostSeries"/> are left out and counted, and what nobody tells of any more is forgotten. Thread-safe.
/// </summary>
/// <param name="time">Tells how old a series is.</param>
/// <param name="mostSeries">The bound.</param>
public sealed class ScrapedSeries(TimeProvider time, int mostSeries = ScrapedSeries.MostSeries)
{
    /// <summary>Series that are kept at the most.</summary>
    public const int MostSeries = 20_000;

    /// <summary>How long the counts of a run stay after its end, so that a scraper gets the last of them.</summary>
    public static readonly TimeSpan AfterRun = TimeSpan.FromMinutes(5);

    /// <summary>Without a new value a gauge is no longer true.</summary>
    private static readonly TimeSpan GaugeAge = TimeSpan.FromSeconds(30);

    /// <summary>Collections of a process may be rare.</summary>
    private static readonly TimeSpan CountAge = TimeSpan.FromHours(1);

    private readonly Dictionary<(ExportMetric Metric, string Labels), Series> _series = [];
    private readonly Dictionary<string, DateTimeOffset> _ended = [];
    private readonly Lock _gate = new();
    private DateTimeOffset _sweepAt;
    private long _leftOut;

    /// <summary>Content type of the page.</summary>
    public static string ContentType(bool openMetrics) => openMetrics ? PrometheusText.OpenMetricsType : PrometheusText.PlainType;

    /// <summary>Points that found no room, since the start.</summary>
    public long LeftOut => Volatile.Read(ref _leftOut);

    internal void Take(IReadOnlyList<MetricPoint> points)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (now >= _sweepAt)
                Sweep(now);
            foreach (var point in points)
                Take(point, now);
        }
    }

    /// <summary>A run is over; its gauges go, its counts stay a while.</summary>
    internal void End(string run)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            _ended[run] = now;
            foreach (var key in _series.Where(s => s.Value.Run == run && s.Key.Metric.Kind == MetricKind.Gauge).Select(s => s.Key).ToList())
                _series.Remove(key);
        }
    }

    /// <summary>Writes the page: what was told, and <paramref name="own"/> points of the service itself.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="openMetrics">In the OpenMetrics format rather than Prometheus's older one.</param>
    /// <param name="own">Counts among them as they stand.</param>
    public void Write(TextWriter to, bool openMetrics, IEnumerable<MetricPoint> own)
    {
        var now = time.GetUtcNow();
        List<Series> series;
        lock (_gate)
        {
            Sweep(now);
            series = [.. _series.Values.Select(s => s.Copy())];
        }
        series.AddRange(own.Select(p => Series.Of(p, now)));
        var text = new PrometheusText(to, openMetrics);
        foreach (var family in series.GroupBy(s => s.Metric).OrderBy(f => f.Key.Name, StringComparer.Ordinal))
            text.Write(family.Key, [.. family.OrderBy(s => s.Labels, StringComparer.Ordinal)], now);
        text.End();
    }

    private void Take(MetricPoint point, DateTimeOffset now)
    {
        var key = (point.Metric, PrometheusText.Labels(point.Tags));
        if (_series.TryGetValue(key, out var known))
            known.Add(point, now);
        else if (_series.Count < mostSeries)
            _series.Add(key, Series.Of(point, now));
        else
            _leftOut++;
    }

    private void Sweep(DateTimeOffset now)
    {
        _sweepAt = now + TimeSpan.FromSeconds(10);
        foreach (var (key, series) in _series.Where(s => IsOver(s.Key.Metric, s.Value, now)).ToList())
            _series.Remove(key);
        foreach (var (run, _) in _ended.Where(e => now - e.Value > AfterRun).ToList())
            _ended.Remove(run);
    }

    private bool IsOver(ExportMetric metric, Series series, DateTimeOffset now)
    {
        if (series.Run is { } run && metric.Kind != MetricKind.Gauge)
            return _ended.TryGetValue(run, out var end) ? now - end > AfterRun : now - series.Told > CountAge;
        return now - series.Told > (metric.Kind == MetricKind.Gauge ? GaugeAge : CountAge);
    }
}
