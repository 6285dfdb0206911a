using System.Globalization;

namespace Pressure.Reports.Export;

/// <summary>
/// Points as InfluxDB's line protocol: <c>metric,tag=value field=1.5,field=3i nanoseconds</c>. Durations are in milliseconds.
/// </summary>
/// <remarks>
/// A count or gauge has one field, <c>value</c>; a share <c>value</c> (0 to 1), <c>hits</c> and <c>base</c>; durations have
/// <c>count</c>, <c>sum</c>, <c>min</c>, <c>mean</c>, <c>p50</c> ... <c>max</c>.
/// </remarks>
public static class LineProtocol
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>A line for each point.</summary>
    public static void Write(TextWriter to, IEnumerable<MetricPoint> points)
    {
        foreach (var point in points)
            Write(to, point);
    }

    private static void Write(TextWriter to, MetricPoint point)
    {
        to.Write(point.Metric.Name);
        foreach (var tag in point.Tags.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            to.Write(',');
            to.Write(tag.Name);
            to.Write('=');
            WriteTagValue(to, tag.Value);
        }
        to.Write(' ');
        WriteFields(to, point.Value);
        to.Write(' ');
        to.Write(((point.At.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * TimeSpan.NanosecondsPerTick).ToString(Plain));
        to.Write('\n');
    }

    private static void WriteTagValue(TextWriter to, string value)
    {
        foreach (var c in value)
        {
            // A backslash has no form of its own there: before a comma, a space or the end it would escape what ends the value.
            if (c == '\\')
            {
                to.Write('/');
                continue;
            }
            if (c is ',' or ' ' or '=')
                to.Write('\\');
            to.Write(c);
        }
    }

    private static void WriteFields(TextWriter to, MetricValue value)
    {
        switch (value)
        {
            case MetricValue.Count count:
                to.Write($"value={Whole(count.Number)}");
                break;
            case MetricValue.Gauge gauge:
                to.Write($"value={Real(gauge.Value)}");
                break;
            case MetricValue.Share share:
                to.Write($"value={Real((double)share.Hits / share.Base)},hits={Whole(share.Hits)},base={Whole(share.Base)}");
                break;
            case MetricValue.Times { Figures: var times }:
                to.Write($"count={Whole(times.Count)},sum={Real(times.Sum)},min={Real(times.Min)},mean={Real(times.Mean)},max={Real(times.Max)}");
                for (var i = 0; i < TimeFigures.Quantiles.Count; i++)
                    to.Write($",{TimeFigures.Quantiles[i].Name}={Real(times.QuantileValues[i])}");
                break;
            case MetricValue.Lasted lasted:
                to.Write($"value={Real(lasted.Length.TotalMilliseconds)}");
                break;
        }
    }

    private static string Whole(long number) => number.ToString(Plain) + "i";

    private static string Real(double number) => number.ToString("R", Plain);
}
