namespace Pressure.Reports.Export;

/// <summary>One series as a scrape sees it.</summary>
internal sealed class Series
{
    private Series(ExportMetric metric, IReadOnlyList<MetricTag> tags)
    {
        Metric = metric;
        Labels = PrometheusText.Labels(tags);
        Run = tags.Where(t => t.Name == "run").Select(t => t.Value).FirstOrDefault();
    }

    public ExportMetric Metric { get; }

    /// <summary>As written between the braces.</summary>
    public string Labels { get; }

    /// <summary>The run it belongs to, if any.</summary>
    public string? Run { get; }

    /// <summary>A gauge's value, a count, or hits.</summary>
    public double Value { get; private set; }

    /// <summary>What hits are a share of; how many durations.</summary>
    public long Base { get; private set; }

    /// <summary>Seconds of all durations.</summary>
    public double Sum { get; private set; }

    /// <summary>Those of the last second that had any.</summary>
    public TimeFigures? Last { get; private set; }

    /// <summary>The moment of the newest point.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>When a point came last.</summary>
    public DateTimeOffset Told { get; private set; }

    public static Series Of(MetricPoint point, DateTimeOffset now)
    {
        var series = new Series(point.Metric, point.Tags);
        series.Add(point, now);
        return series;
    }

    public void Add(MetricPoint point, DateTimeOffset now)
    {
        Told = now;
        var isNewest = point.At >= At;
        At = isNewest ? point.At : At;
        switch (point.Value)
        {
            case MetricValue.Gauge gauge:
                // What a host tells late, after a cut, is not how it stands.
                Value = isNewest ? gauge.Value : Value;
                break;
            case MetricValue.Count count:
                Value += count.Number;
                break;
            case MetricValue.Share share:
                Value += share.Hits;
                Base += share.Base;
                break;
            case MetricValue.Times { Figures: var times }:
                Base += times.Count;
                Sum += times.Sum / 1_000;
                Last = isNewest ? times : Last;
                break;
            case MetricValue.Lasted lasted:
                Base++;
                Sum += lasted.Length.TotalSeconds;
                break;
        }
    }

    public Series Copy() => (Series)MemberwiseClone();
}
