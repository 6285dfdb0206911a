using Pressure.Record;

namespace Pressure.Reports;

/// <summary>One rate of a search's charts: of several plateaus at one rate the median. Rates per second, milliseconds.</summary>
/// <param name="Offered">The rate.</param>
/// <param name="Delivered">Requests per second that ended well.</param>
/// <param name="P50">Median response time.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Outcome">How most of its plateaus came out, in camel case.</param>
internal sealed record SearchPoint(double Offered, double Delivered, double? P50, double? P95, double? P99, string Outcome);

/// <summary>A limit of response time, to be drawn as a line.</summary>
internal sealed record SearchLimit(string Label, double Milliseconds);

/// <summary>What the charts of a search draw.</summary>
internal sealed record SearchCurve(IReadOnlyList<SearchPoint> Points, IReadOnlyList<SearchLimit> Limits, double? Knee, double? Holds)
{
    public static SearchCurve Of(SearchSummary search) => new(
        [.. search.Plateaus.GroupBy(p => p.Rate).OrderBy(g => g.Key).Select(g => Point(g.Key, [.. g]))],
        [.. search.Asked.Slo.Select(Limit).OfType<SearchLimit>().DistinctBy(l => l.Milliseconds)],
        search.Knee,
        search.Holds);

    private static SearchPoint Point(double rate, IReadOnlyList<SearchPlateau> plateaus) => new(
        rate,
        Math.Round(Median(plateaus.Select(p => (double?)p.Delivered)) ?? 0, 2),
        Median(plateaus.Select(p => p.P50)),
        Median(plateaus.Select(p => p.P95)),
        Median(plateaus.Select(p => p.P99)),
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(plateaus.GroupBy(p => p.Outcome).MaxBy(g => g.Count())!.Key.ToString()));

    /// <summary>Upper limits of the response time of all requests: those are the lines that the curves may not cross.</summary>
    private static SearchLimit? Limit(Record.ThresholdManifest written) =>
        Threshold.TryParse(written.Metric, written.Expression, out var t, out _) && t!.Selector is { Metric.Name: "http_req_duration", Tags.Count: 0 } && t.Criterion.Operator[0] == '<'
            ? new($"{written.Expression.Trim()}", t.Criterion.Value)
            : null;

    private static double? Median(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToList();
        return sorted.Count == 0 ? null : Math.Round((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, 3);
    }
}
