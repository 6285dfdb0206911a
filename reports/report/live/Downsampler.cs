namespace Pressure.Reports;

/// <summary>Keeps charts of long runs bounded without hiding what matters in them.</summary>
/// <remarks>
/// Points are joined in groups of equal length. Throughput is the group's mean, failures rounded up so that a single one stays visible;
/// times, loads and rates are those of the group's worst second. Percentiles are never averaged.
/// </remarks>
internal static class Downsampler
{
    /// <summary>Points per chart, at the most.</summary>
    public const int MaxPoints = 1_200;

    /// <summary>Seconds that a point stands for once <paramref name="count"/> seconds have been joined.</summary>
    public static int StepOf(int count) => Math.Max(1, (count + MaxPoints - 1) / MaxPoints);

    public static IReadOnlyList<TimelinePoint> Reduce(IReadOnlyList<TimelinePoint> points)
    {
        var step = StepOf(points.Count);
        return step == 1 ? points : [.. points.Chunk(step).Select(Join)];
    }

    private static TimelinePoint Join(TimelinePoint[] group) => new()
    {
        Second = group[0].Second,
        WarmUp = group[0].WarmUp,
        Asked = Mean(group, p => p.Asked),
        Sent = Mean(group, p => p.Sent),
        Late = MeanUp(group, p => p.Late),
        NotSent = MeanUp(group, p => p.NotSent),
        Ok = Mean(group, p => p.Ok),
        Failed = MeanUp(group, p => p.Failed),
        P50 = group.Max(p => p.P50),
        P90 = group.Max(p => p.P90),
        P95 = group.Max(p => p.P95),
        P99 = group.Max(p => p.P99),
        Max = group.Max(p => p.Max),
        ServiceP99 = group.Max(p => p.ServiceP99),
        InFlight = group.Max(p => p.InFlight),
        Connections = group.Max(p => p.Connections),
        Statuses = MeansUp(group, p => p.Statuses),
        Errors = MeansUp(group, p => p.Errors),
        Generator = group.Select(p => p.Generator).Where(g => g is not null).MaxBy(g => g!.LateP99),
    };

    private static long Mean(TimelinePoint[] group, Func<TimelinePoint, long> value) => (long)Math.Round(group.Average(value));

    private static long MeanUp(TimelinePoint[] group, Func<TimelinePoint, long> value) => (long)Math.Ceiling(group.Average(value));

    private static Dictionary<string, long> MeansUp(TimelinePoint[] group, Func<TimelinePoint, IReadOnlyDictionary<string, long>> counts) =>
        group.SelectMany(counts).GroupBy(c => c.Key).ToDictionary(c => c.Key, c => (long)Math.Ceiling((double)c.Sum(n => n.Value) / group.Length));
}
