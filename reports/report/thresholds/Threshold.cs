namespace Pressure.Reports;

/// <summary>
/// A pass criterion in k6's grammar: a metric (optionally with tags, <c>http_req_duration{name:buy}</c>) and
/// <c>aggregation operator value</c>, e.g. <c>p(95) &lt; 500ms</c>, <c>rate &lt; 1%</c>, <c>count &gt;= 1000</c>.
/// Durations without a unit are milliseconds, as in k6.
/// </summary>
public sealed record Threshold
{
    private Threshold(string metric, string expression) => (Metric, Expression) = (metric, expression);

    /// <summary>Metric as written, tags included.</summary>
    public string Metric { get; }

    /// <summary>Expression as written.</summary>
    public string Expression { get; }

    /// <summary>Parses a threshold; on failure <paramref name="error"/> says what is wrong and what would be right (with a suggestion for a misspelt metric).</summary>
    public static bool TryParse(string metric, string expression, out Threshold? threshold, out string? error) =>
        throw new NotImplementedException();
}
