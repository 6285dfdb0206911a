namespace Pressure.Reports;

/// <summary>Hosts' means and peaks over the measured time. Seconds of which nothing is known count for nothing; how many they are is told.</summary>
internal static class HostFigures
{
    private static readonly MeanAndPeak Nothing = new(0, 0);

    /// <summary>The hosts of which anything was measured, by name.</summary>
    public static IReadOnlyList<HostSummary> Of(Machines machines, MeasuredRun run) =>
        [.. machines.Hosts.Where(h => h["busy"] is { Count: > 0 }).Select(h => Of(h, machines, run))];

    /// <summary>Hosts that should have been sampled, and of which nothing was heard in the measured time.</summary>
    public static IReadOnlyList<string> Silent(Machines machines, MeasuredRun run) =>
        run.Seconds > 0 ? [.. machines.Hosts.Where(h => h["busy"] is not { Count: > 0 }).Select(h => h.Name)] : [];

    /// <summary>Whether a sample over the second before <paramref name="at"/> lies in the measured time.</summary>
    public static bool IsMeasured(TimeSpan at, MeasuredRun run) => run.Counts(Timeline.SecondOf(at));

    private static HostSummary Of(HostTrack h, Machines machines, MeasuredRun run) => new(
        h.Name, h.Cores, Spread(h, "busy"), Spread(h, "load1"), Spread(h, "memory"), Spread(h, "network"), Spread(h, "disk"))
    {
        Labels = h.Labels,
        LoadPerCore = h.Spread("loadPerCore"),
        RunQueue = h.Spread("running"),
        Swap = h.Spread("swap"),
        Retransmits = h["retransmits"] is { Count: > 0 } r ? new(Math.Round(r.Mean, 4), Math.Round(r.Peak, 4), Math.Round(h.RetransmitShare, 6)) : null,
        Gaps = GapsOf(h, run),
        Containers = [.. machines.Containers.Where(c => c.Host == h && c["cpu"] is { Count: > 0 }).Select(Of)],
        Processes = [.. machines.Processes.Where(p => p.Host == h && p["cpu"] is { Count: > 0 }).Select(Of)],
    };

    private static MeanAndPeak Spread(HostTrack host, string key) => host.Spread(key) ?? Nothing;

    private static GapSummary GapsOf(HostTrack h, MeasuredRun run)
    {
        var gaps = h.GapsWithin(run.Start, run.End);
        return new(gaps.Count, gaps.Sum(g => g.To - g.From));
    }

    private static ContainerSummary Of(ContainerTrack c) => new(c.Name, c.Id, c.Service)
    {
        Cpu = c.Spread("cpu") ?? Nothing,
        CpuShare = c.Spread("cpuShare") ?? Nothing,
        CpuLimit = c.Last.Container.CpuLimit,
        Throttled = c.Spread("throttled"),
        Memory = c.Spread("memory") ?? Nothing,
        MemoryShare = c.Spread("memoryShare"),
        MemoryLimit = c.Last.Container.MemoryLimit,
        Network = c.Spread("network"),
        Restarts = c.Last.Container.Restarts,
    };

    private static ProcessSummary Of(ProcessTrack p) => new(p.Name, p.Pid, p.Container, p.Service)
    {
        Cpu = p.Spread("cpu") ?? Nothing,
        CpuShare = p.Spread("cpuShare") ?? Nothing,
        Rss = p.Spread("rss") ?? Nothing,
        MemoryShare = p.Spread("memoryShare"),
        Threads = p.Spread("threads"),
        Descriptors = p.Spread("descriptors"),
        GcShare = GcFigures.Stopped(p),
    };
}
