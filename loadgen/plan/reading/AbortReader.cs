using Pressure.Reports;

namespace Pressure.LoadGen;

/// <summary>Reads <c>abort:</c>, the rules that end a run early.</summary>
internal static class AbortReader
{
    private const int Most = 20;
    private const string Remedy = "Write rules such as [ { when: { http_req_failed: rate > 50% }, over: 10s } ].";

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="node">The list, if there is one.</param>
    /// <param name="load">The load, whose warm-up no rule looks at unless told to.</param>
    /// <param name="thresholds">Reads what must not come true.</param>
    /// <param name="problems">What is wrong.</param>
    public static List<AbortRule> Read(PlanNode? node, LoadReader.Asked? load, ThresholdReader thresholds, ProblemList problems)
    {
        if (node is PlanNode.Sequence { Items.Count: 0 })
            return [];
        var items = ScalarReader.Items(node, "abort", Most, Remedy, problems);
        return [.. items.Select((item, i) => Read(item, $"abort[{i}]", load, thresholds, problems)).OfType<AbortRule>()];
    }

    private static AbortRule? Read(PlanNode item, string path, LoadReader.Asked? load, ThresholdReader thresholds, ProblemList problems)
    {
        if (FieldReader.Open(item, path, PlanKeys.Abort, problems) is not { } fields)
            return null;
        var when = fields.Required("when", "Write what must not come true, such as when: { http_req_failed: rate > 50% }.") is { } node
            ? thresholds.ReadOfPart(node, fields.PathTo("when"), "Write a metric with its limit, such as when: { http_req_failed: rate > 50% }.")
            : null;
        var over = fields.Read<TimeSpan>("over", WholeSeconds, Usual);
        var after = fields.Read("after", PlainText.Duration(TimeSpan.Zero, PlanLimits.LongestDuration), (load?.WarmUp ?? TimeSpan.Zero) + over);
        if (load?.Load is not null && (after > over ? after : over) >= load.Duration)
            fields.Report(fields.Has("after") ? "after" : "over", "is never looked at: the load is over by then", "Shorten it, or lengthen the load.");
        return when is null ? null : new(when, over, after);
    }

    private static Complaint? WholeSeconds(string text, out TimeSpan value) =>
        PlainText.Duration(Shortest, Longest)(text, out value)
        ?? (value.Ticks % TimeSpan.TicksPerSecond > 0 ? new($"{Shown.Of(text)} is not a whole number of seconds", "Write whole seconds, such as 10s.") : null);
}
