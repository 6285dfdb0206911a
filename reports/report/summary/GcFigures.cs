using System.Text.Json;

namespace Pressure.Reports;

/// <summary>Garbage collection by process over the measured time.</summary>
internal static class GcFigures
{
    public static IReadOnlyList<GcSummary> Of(Machines machines, MeasuredRun run) =>
        [.. machines.Processes.Where(p => p.IsListenedTo).Select(p => Of(p, run))];

    /// <summary>Share of the time in which a process was stopped, by second: from its collections if they were told, else from its samples. Null for one that is not listened to.</summary>
    public static MeanAndPeak? Stopped(ProcessTrack p) =>
        p.Gc is null ? p.Spread("stopped") : new(Math.Round(p.StoppedShare, 4), Math.Round(p.MostStopped, 4));

    private static GcSummary Of(ProcessTrack p, MeasuredRun run)
    {
        var gc = p.Gc;
        return new GcSummary(
            p.Name,
            JsonNamingPolicy.CamelCase.ConvertName((gc?.Runtime).ToString() ?? ""),
            gc?.Collections ?? 0,
            Durations.Milliseconds(gc?.PauseTotal ?? TimeSpan.Zero),
            Durations.Milliseconds(gc?.PauseMax ?? TimeSpan.Zero),
            gc?.Full ?? 0)
        {
            Host = p.Host.Name,
            Pid = p.Pid,
            Container = p.Container,
            Service = p.Service,
            Collector = gc?.Collector ?? "",
            PauseP99 = gc is { Pauses.Count: > 0 } ? Durations.Milliseconds(gc.Pauses.Percentile(99)) : 0,
            FullMax = Durations.Milliseconds(gc?.FullMax ?? TimeSpan.Zero),
            StoppedShare = Stopped(p)?.Mean ?? 0,
            AllocationRate = p.Spread("allocated"),
            Heap = p.Spread("heap"),
            Kinds = gc is null ? new Dictionary<string, long>() : gc.Kinds.ToDictionary(k => JsonNamingPolicy.CamelCase.ConvertName(k.Key.ToString()), k => k.Value),
            OldCycles = Cycles(gc?.OldCycles ?? []),
            Stalls = new(gc?.Stalls ?? 0, Durations.Milliseconds(gc?.StallMax ?? TimeSpan.Zero)),
        };
    }

    private static OldCycleSummary Cycles(IReadOnlyList<TimeSpan> begins)
    {
        if (begins.Count < 2)
            return new(begins.Count, null, null);
        List<double> intervals = [.. begins.Order().Zip(begins.Order().Skip(1)).Select(b => (b.Second - b.First).TotalSeconds)];
        var mean = intervals.Average();
        double? variation = intervals.Count >= 2 && mean > 0 ? Math.Round(Math.Sqrt(intervals.Sum(i => (i - mean) * (i - mean)) / (intervals.Count - 1)) / mean, 3) : null;
        return new(begins.Count, Math.Round(mean, 2), variation);
    }
}
