using System.Globalization;
using System.Text;

namespace Pressure.Mirror;

/// <summary>A mirror's counts in Prometheus's text format.</summary>
internal static class MetricsText
{
    /// <summary>All of them.</summary>
    public static string Of(MirrorStatus status)
    {
        var page = new Page();
        page.Counter("pressure_mirror_requests_total", "Requests that came for production", ("", status.Production.Requests));
        page.Counter("pressure_mirror_answers_total", "Production's answers by class of status", [.. status.Production.Answers.Select(a => (Label("status", a.Key), a.Value))]);
        page.Counter("pressure_mirror_failed_total", "Requests that production did not answer", ("", status.Production.Failed));
        page.Counter("pressure_mirror_aborted_total", "Requests whose client went away", ("", status.Production.Aborted));
        page.Gauge("pressure_mirror_production_seconds", "Time to production's answer", Quantiles(status.Production.Times));
        page.Gauge("pressure_mirror_paused", "1 while copying is paused", ("", status.IsPaused ? 1 : 0));
        if (status.Copies is { } copies)
            Copies(page, copies);
        if (status.Record is { } record)
            Record(page, record);
        if (status.Differences is { } differences)
        {
            page.Counter("pressure_mirror_compared_total", "Answers compared", ("", differences.Compared));
            page.Counter("pressure_mirror_same_total", "Of these, the same", ("", differences.Same));
        }
        return page.ToString();
    }

    private static void Copies(Page page, CopyStatus copies)
    {
        page.Counter("pressure_mirror_copies_total", "What became of copies; with those still open as many as requests", [.. copies.Fates.Select(f => (Label("fate", f.Key), f.Value))]);
        page.Gauge("pressure_mirror_copies_open", "Copies whose fate is not known yet", ("", copies.Open));
        page.Gauge("pressure_mirror_copies_waiting", "Copies that wait", ("", copies.Waiting));
        page.Gauge("pressure_mirror_copies_under_way", "Copies on their way to the test target", ("", copies.UnderWay));
        page.Gauge("pressure_mirror_held_bytes", "Memory that copies take", ("", copies.HeldBytes));
        page.Counter("pressure_mirror_copy_answers_total", "The test target's answers by class of status", [.. copies.Answers.Select(a => (Label("status", a.Key), a.Value))]);
        page.Gauge("pressure_mirror_copy_seconds", "Time to the test target's answer", Quantiles(copies.Times));
        page.Gauge("pressure_mirror_breaker_open", "1 while the test target is left alone", ("", copies.Breaker == "closed" ? 0 : 1));
        page.Counter("pressure_mirror_breaker_openings_total", "How often the breaker opened", ("", copies.Openings));
    }

    private static void Record(Page page, RecordStatus record)
    {
        page.Counter("pressure_mirror_recorded_total", "Exchanges handed to the capture", ("", record.Recorded));
        page.Counter("pressure_mirror_record_dropped_total", "Exchanges that were not", [.. record.Dropped.Select(d => (Label("reason", d.Key), d.Value))]);
        page.Gauge("pressure_mirror_record_failed", "1 when the capture can't be written any more", ("", record.Failure is null ? 0 : 1));
    }

    private static (string, double)[] Quantiles(AnswerTimes times) =>
        [(Label("quantile", "0.5"), times.P50 / 1000), (Label("quantile", "0.95"), times.P95 / 1000), (Label("quantile", "0.99"), times.P99 / 1000)];

    private static string Label(string name, string value) => $"{{{name}=\"{value}\"}}";

    private sealed class Page
    {
        private readonly StringBuilder _text = new();

        public void Counter(string name, string help, params (string Labels, long Value)[] values) => Add(name, help, "counter", values.Select(v => (v.Labels, (double)v.Value)));

        public void Gauge(string name, string help, params (string Labels, double Value)[] values) => Add(name, help, "gauge", values);

        public override string ToString() => _text.ToString();

        private void Add(string name, string help, string type, IEnumerable<(string Labels, double Value)> values)
        {
            _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}.\n# TYPE {name} {type}\n");
            foreach (var (labels, value) in values)
                _text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value:R}\n");
        }
    }
}
