using System.Globalization;
using System.Text;

namespace Pressure.Reports.Export;

/// <summary>Writes families of series as a page for scrapers: Prometheus's text format 0.0.4, or OpenMetrics 1.0.</summary>
/// <remarks>Names are <c>pressure_NAME_UNIT</c>, counts end in <c>_total</c>; durations are in seconds.</remarks>
internal sealed class PrometheusText(TextWriter to, bool openMetrics)
{
    /// <summary>Content type of the older format.</summary>
    public const string PlainType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Content type of OpenMetrics.</summary>
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>Quantiles of a second that long past say nothing of now.</summary>
    private static readonly TimeSpan QuantileAge = TimeSpan.FromSeconds(15);

    /// <summary>The name of a metric's family, without what a sample's name adds (<c>_total</c>, <c>_sum</c>, ...).</summary>
    public static string Family(ExportMetric metric) => "pressure_" + metric.Name + metric.Unit switch
    {
        MetricUnit.Bytes => "_bytes",
        MetricUnit.BytesPerSecond => "_bytes_per_second",
        MetricUnit.PerSecond => "_per_second",
        MetricUnit.Time => "_seconds",
        MetricUnit.Ratio when metric.Kind == MetricKind.Gauge => "_ratio",
        _ => "",
    };

    /// <summary>Every name that samples of a metric have.</summary>
    public static IReadOnlyList<string> Names(ExportMetric metric) => metric.Kind switch
    {
        MetricKind.Gauge => [Family(metric)],
        MetricKind.Count => [Family(metric) + "_total"],
        MetricKind.Share => [Family(metric) + "_total", Family(metric) + "_base_total"],
        MetricKind.Times => [Family(metric), Family(metric) + "_sum", Family(metric) + "_count"],
        _ => [Family(metric) + "_sum", Family(metric) + "_count"],
    };

    public static string Labels(IReadOnlyList<MetricTag> tags)
    {
        var text = new StringBuilder();
        foreach (var tag in tags)
        {
            text.Append(text.Length > 0 ? "," : "").Append(tag.Name).Append("=\"");
            Escape(text, tag.Value).Append('"');
        }
        return text.ToString();
    }

    public void Write(ExportMetric metric, IReadOnlyList<Series> series, DateTimeOffset now)
    {
        var family = Family(metric);
        switch (metric.Kind)
        {
            case MetricKind.Gauge:
                Head(family, "gauge", metric.Help);
                Samples(family, series, s => s.Value);
                break;
            case MetricKind.Count:
                Counter(family, metric.Help, series, s => s.Value);
                break;
            case MetricKind.Share:
                Counter(family, metric.Help + ": how many", series, s => s.Value);
                Counter(family + "_base", metric.Help + ": the whole", series, s => s.Base);
                break;
            default:
                Head(family, "summary", metric.Help);
                foreach (var one in series)
                    Summary(family, one, now);
                break;
        }
    }

    public void End()
    {
        if (openMetrics)
            to.Write("# EOF\n");
    }

    private void Counter(string family, string help, IReadOnlyList<Series> series, Func<Series, double> value)
    {
        // OpenMetrics names the family, the older format the samples.
        Head(openMetrics ? family : family + "_total", "counter", help);
        Samples(family + "_total", series, value);
    }

    private void Summary(string family, Series series, DateTimeOffset now)
    {
        if (series.Last is { } last && now - series.At < QuantileAge)
        {
            for (var i = 0; i < TimeFigures.Quantiles.Count; i++)
            {
                var quantile = $"quantile=\"{Number(TimeFigures.Quantiles[i].Quantile)}\"";
                Sample(family, series.Labels.Length > 0 ? $"{series.Labels},{quantile}" : quantile, last.QuantileValues[i] / 1_000);
            }
        }
        Sample(family + "_sum", series.Labels, series.Sum);
        Sample(family + "_count", series.Labels, series.Base);
    }

    private void Head(string name, string type, string help)
    {
        to.Write($"# HELP {name} {Escape(new StringBuilder(), help)}\n");
        to.Write($"# TYPE {name} {type}\n");
    }

    private void Samples(string name, IReadOnlyList<Series> series, Func<Series, double> value)
    {
        foreach (var one in series)
            Sample(name, one.Labels, value(one));
    }

    private void Sample(string name, string labels, double value)
    {
        to.Write(name);
        if (labels.Length > 0)
            to.Write($"{{{labels}}}");
        to.Write($" {Number(value)}\n");
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static StringBuilder Escape(StringBuilder to, string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => to.Append("\\\\"),
                '"' => to.Append("\\\""),
                '\n' => to.Append("\\n"),
                _ => to.Append(c),
            };
        }
        return to;
    }
}
