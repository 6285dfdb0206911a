using Pressure.Record;

namespace Pressure.Reports.Export;

/// <summary>A second's durations in figures: how many, their sum, quantiles and buckets; everything in one pass over the histogram.</summary>
public sealed class TimeFigures
{
    /// <summary>The quantiles that are exported, with their names.</summary>
    public static readonly IReadOnlyList<(string Name, double Quantile)> Quantiles = [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)];

    /// <summary>Upper bounds (included) of the buckets, in milliseconds; above the last lies one more.</summary>
    public static readonly IReadOnlyList<double> Bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];

    private readonly double[] _quantiles = new double[Quantiles.Count];
    private readonly long[] _buckets = new long[Bounds.Count + 1];

    private TimeFigures(Histogram histogram)
    {
        Count = histogram.Count;
        Min = histogram.Min.TotalMilliseconds;
        Max = histogram.Max.TotalMilliseconds;
        Sum = histogram.Mean.TotalMilliseconds * Count;
        var (seen, quantile, bucket) = (0L, 0, 0);
        foreach (var (value, count) in histogram.Buckets())
        {
            var milliseconds = value.TotalMilliseconds;
            seen += count;
            for (; quantile < Quantiles.Count && seen >= Rank(Quantiles[quantile].Quantile); quantile++)
                _quantiles[quantile] = milliseconds;
            while (bucket < Bounds.Count && milliseconds > Bounds[bucket])
                bucket++;
            _buckets[bucket] += count;
        }
    }

    /// <summary>How many.</summary>
    public long Count { get; }

    /// <summary>All of them together, in milliseconds.</summary>
    public double Sum { get; }

    /// <summary>The shortest, in milliseconds.</summary>
    public double Min { get; }

    /// <summary>The longest, in milliseconds.</summary>
    public double Max { get; }

    /// <summary>Their mean, in milliseconds.</summary>
    public double Mean => Sum / Count;

    /// <summary>In the order of <see cref="Quantiles"/>, in milliseconds.</summary>
    public IReadOnlyList<double> QuantileValues => _quantiles;

    /// <summary>Counts by bucket, one more than <see cref="Bounds"/>.</summary>
    public IReadOnlyList<long> Buckets => _buckets;

    /// <summary>Null when there are none.</summary>
    public static TimeFigures? Of(Histogram histogram) => histogram.Count > 0 ? new(histogram) : null;

    // As Histogram.Percentile has it.
    private long Rank(double quantile) => Math.Max(1, (long)Math.Ceiling(Math.BitDecrement(quantile * 100) * Count / 100));
}
