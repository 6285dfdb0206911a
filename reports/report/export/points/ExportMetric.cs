namespace Pressure.Reports.Export;

/// <summary>What a metric's values are.</summary>
public enum MetricKind
{
    /// <summary>How many within the second.</summary>
    Count,

    /// <summary>As it stood at the moment, or a rate over the time before it.</summary>
    Gauge,

    /// <summary>Of so many within the second, so many.</summary>
    Share,

    /// <summary>The durations of the second.</summary>
    Times,

    /// <summary>One duration.</summary>
    Lasted,
}

/// <summary>What a metric's values are measured in.</summary>
public enum MetricUnit
{
    /// <summary>Things that are counted.</summary>
    Number,

    /// <summary>Shares, 0 to 1.</summary>
    Ratio,

    /// <summary>Things a second.</summary>
    PerSecond,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Bytes a second.</summary>
    BytesPerSecond,

    /// <summary>Durations: milliseconds, but seconds where the format's customs ask for them (Prometheus).</summary>
    Time,
}

/// <summary>A metric that is exported. Every one stands in <see cref="ExportMetrics.All"/>.</summary>
/// <param name="Name">k6's where k6 has one.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Unit">What they are measured in.</param>
/// <param name="Help">One line for people.</param>
/// <param name="Tags">The tags that its points may carry.</param>
public sealed record ExportMetric(string Name, MetricKind Kind, MetricUnit Unit, string Help, IReadOnlyList<string> Tags);
