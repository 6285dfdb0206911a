using Pressure.Record;

namespace Pressure.Reports;

/// <summary>
/// A pass criterion in k6's grammar: a metric (optionally with tags, <c>http_req_duration{name:buy}</c>) and
/// <c>aggregation operator value</c>, e.g. <c>p(95) &lt; 500ms</c>, <c>rate &lt; 1%</c>, <c>count &gt;= 1000</c>.
/// Durations without a unit are milliseconds, as in k6.
/// </summary>
/// <remarks>
/// Metrics: <c>http_req_duration</c> (from the intended start), <c>http_req_service_time</c> (from the actual send),
/// <c>http_reqs</c>, <c>http_req_failed</c>, <c>checks</c>, <c>iterations</c>, <c>dropped_iterations</c>, <c>data_sent</c>,
/// <c>data_received</c>, <c>answers_differing</c> (of a comparison); tags: <c>name</c>, <c>scenario</c>, <c>service</c>, <c>method</c>. Of machines, each by itself: <c>host_cpu</c>,
/// <c>host_memory</c>, <c>host_load_per_core</c> (tags <c>host</c>, <c>service</c>), <c>container_cpu</c>, <c>container_throttled</c>,
/// <c>container_memory</c> (<c>container</c> too), <c>gc_pause</c>, <c>gc_time</c>, <c>gc_full</c> (<c>process</c> too).
/// </remarks>
public sealed record Threshold
{
    private Threshold(string metric, string expression, MetricSelector selector, Criterion criterion) =>
        (Metric, Expression, Selector, Criterion) = (metric, expression, selector, criterion);

    /// <summary>Metric as written, tags included.</summary>
    public string Metric { get; }

    /// <summary>Expression as written.</summary>
    public string Expression { get; }

    /// <summary>Whether it looks at the sampled hosts, their containers or processes.</summary>
    public bool IsAboutHosts => Selector.Metric.IsOfMachines;

    /// <summary>Whether it looks at answers that are compared (<c>load: replay: compare</c>), of which only the run as a whole tells, no part of it.</summary>
    public bool IsAboutComparison => Selector.Metric is Pressure.Reports.Metric.RunShare;

    internal MetricSelector Selector { get; }

    internal Criterion Criterion { get; }

    /// <summary>Metric and expression in one line.</summary>
    public override string ToString() => $"{Metric}: {Expression}";

    /// <summary>Parses a threshold; on failure <paramref name="error"/> says what is wrong and what would be right (with a suggestion for a misspelt metric).</summary>
    public static bool TryParse(string metric, string expression, out Threshold? threshold, out string? error)
    {
        threshold = null;
        if (!MetricSelector.TryParse(metric, out var selector, out error) || !Criterion.TryParse(expression, selector!.Metric, out var criterion, out error))
            return false;
        threshold = new Threshold(metric.Trim(), expression.Trim(), selector, criterion!);
        return true;
    }

    /// <summary>Why the threshold can't be judged in a run with these requests (a tag that matches none of them); null when it can.</summary>
    public string? WhyNotApplicable(IReadOnlyList<RequestManifest> requests) => WhyNothingMatches(requests)?.In(ReportLanguage.En);

    /// <summary>The same, to be said in any language.</summary>
    internal Sentence? WhyNothingMatches(IReadOnlyList<RequestManifest> requests) =>
        IsAboutHosts || requests.Any(Selector.Matches) ? null : Selector.WhyNothingMatches(requests);

    /// <summary>A value of this metric and aggregation for people.</summary>
    internal string Show(double value) => (Selector.Metric, Criterion.Aggregation) switch
    {
        (Pressure.Reports.Metric.Trend or Pressure.Reports.Metric.GcPause, _) => Figures.Duration(value),
        (Pressure.Reports.Metric.Gauge { Plain: true }, _) => Figures.Number(value),
        (Pressure.Reports.Metric.Share or Pressure.Reports.Metric.RunShare or Pressure.Reports.Metric.GcTime or Pressure.Reports.Metric.Gauge, _) => Figures.Share(value),
        (Pressure.Reports.Metric.Counter { Bytes: true }, Aggregation.Count) => Figures.Bytes(value),
        (Pressure.Reports.Metric.Counter { Bytes: true }, _) => Figures.Bytes(value) + "/s",
        (_, Aggregation.Count) => Figures.Count((long)value),
        _ => Figures.Rate(value) + "/s",
    };
}
