using Pressure.LoadGen;

namespace Pressure.Web.Forms;

/// <summary>An input that says when the test has passed.</summary>
internal sealed record Limit(string Input, string Metric, string Aggregation, string Unit)
{
    public ThresholdDraft Draft(TestForm form) => new(Metric, $"{Aggregation} < {PlanOfForm.WithUnit(form[Input], Unit)}");
}

/// <summary>The one list of limits that the form offers.</summary>
internal static class Limits
{
    public static readonly IReadOnlyList<Limit> All =
    [
        new("p95", "http_req_duration", "p(95)", "ms"),
        new("p99", "http_req_duration", "p(99)", "ms"),
        new("errors", "http_req_failed", "rate", "%"),
    ];

    /// <summary>Those that are filled in, in the order of the plan's thresholds; the simple form has no p99.</summary>
    public static IEnumerable<Limit> Given(TestForm form) =>
        All.Where(l => form[l.Input].Trim().Length > 0 && (l.Input != "p99" || form.Mode == TestForm.Expert));
}
