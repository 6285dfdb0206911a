using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Hosts, containers and collections of one second for live views, which keep hours of them: of many, those that matter most.</summary>
internal static class MachinePoints
{
    /// <summary>How many of each a point has, at the most.</summary>
    public const int Most = 12;

    public static IReadOnlyList<HostPoint> Hosts(IReadOnlyList<HostSample> samples) =>
        [.. Busiest(samples, s => s.Cpu.Busy).OrderBy(s => s.Host, StringComparer.Ordinal).Select(Host)];

    public static IReadOnlyList<ContainerPoint> Containers(IReadOnlyList<HostSample> samples)
    {
        var containers = samples.SelectMany(s => s.Containers ?? [], (s, c) => new ContainerReading(s, c)).ToList();
        return [.. Busiest(containers, c => Math.Max(c.CpuShare, c.MemoryShare ?? 0)).OrderBy(c => c.Container.Name, StringComparer.Ordinal)
            .Select(c => new ContainerPoint(c.Container.Name, c.Host.Host, c.Container.Service, Share(c.CpuShare), Share(c.Container.Throttled), c.MemoryShare is { } memory ? Share(memory) : null))];
    }

    public static IReadOnlyList<GcPoint> Collections(IReadOnlyList<GcEvent> told) =>
        [.. told.Where(g => g.Kind != GcKind.AllocationStall && g.Pause > TimeSpan.Zero)
            .GroupBy(g => (Second: GcTrack.SecondOf(g.At), g.Host, g.Pid, g.Process))
            .Select(g => new GcPoint(g.Key.Second, g.Key.Process, g.Key.Host, g.First().Service, Longest(g), g.Any(c => c.IsFull) ? Longest(g.Where(c => c.IsFull)) : null, g.Count()))
            .OrderByDescending(g => g.Pause).Take(Most)];

    private static IEnumerable<T> Busiest<T>(IReadOnlyList<T> all, Func<T, double> level) => all.Count <= Most ? all : all.OrderByDescending(level).Take(Most);

    private static double Longest(IEnumerable<GcEvent> collections) => Durations.Milliseconds(collections.Max(c => c.Pause));

    private static HostPoint Host(HostSample s) => new(
        s.Host, Share(s.Cpu.User), Share(s.Cpu.System), Share(s.Cpu.IoWait), Share(s.Cpu.Steal),
        s.Load.One, s.Load.Five, s.Load.Fifteen,
        s.MemoryTotal > 0 ? Share((double)s.MemoryUsed / s.MemoryTotal) : 0,
        Math.Round(s.Network.In), Math.Round(s.Network.Out), Math.Round(s.Disk.In), Math.Round(s.Disk.Out), s.Sockets)
    {
        Busy = Share(s.Cpu.Busy),
        LoadPerCore = Math.Round(s.Load.One / Math.Max(1, s.Cores), 3),
        Running = s.RunQueue?.Running,
        SwapShare = s.Swap is { Total: > 0 } swap ? Share((double)swap.Used / swap.Total) : null,
        Retransmits = s.Tcp is { } tcp ? Math.Round(tcp.Retransmits, 1) : null,
    };

    private static double Share(double share) => Math.Round(share, 4);
}
