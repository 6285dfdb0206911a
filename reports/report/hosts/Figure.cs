using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A figure that is read from every sample of a subject.</summary>
/// <param name="Key">Its name in charts.</param>
/// <param name="Of">Reads it; null where the sample does not tell.</param>
/// <param name="Leader">When seconds are joined, the value of the second in which this other figure is highest; else the highest value.</param>
internal sealed record Figure<T>(string Key, Func<T, double?> Of, string? Leader = null);

/// <summary>A container in its host's sample.</summary>
internal readonly record struct ContainerReading(HostSample Host, ContainerSample Container)
{
    /// <summary>Cores that it may use at the most.</summary>
    public double Cores => Math.Min(Container.CpuLimit is > 0 and var limit ? limit : Host.Cores, Math.Max(1, Host.Cores));

    /// <summary>Bytes of memory that it may use at the most.</summary>
    public long MemoryLimit => Container.MemoryLimit is > 0 and var limit && (limit < Host.MemoryTotal || Host.MemoryTotal <= 0) ? limit : Host.MemoryTotal;

    /// <summary>Share (0 to 1) of the cores that it may use; a period's rounding may make it a hair more.</summary>
    public double CpuShare => Container.Cpu / Cores;

    /// <summary>Share (0 to 1) of the memory that it may use; null where nobody knows how much that is.</summary>
    public double? MemoryShare => MemoryLimit > 0 ? (double)Container.Memory / MemoryLimit : null;
}

/// <summary>A process in its host's sample, with its container's if it is in one.</summary>
internal readonly record struct ProcessReading(HostSample Host, ProcessSample Process, ContainerSample? Container)
{
    private ContainerReading? Around => Container is null ? null : new(Host, Container);

    /// <summary>Share (0 to 1) of the cores that it may use: its container's, else its host's.</summary>
    public double CpuShare => Process.Cpu / (Around?.Cores ?? Math.Max(1, Host.Cores));

    /// <summary>Resident memory as a share (0 to 1) of what it may use; null where nobody knows.</summary>
    public double? MemoryShare => (Around?.MemoryLimit ?? Host.MemoryTotal) is > 0 and var limit ? (double)Process.Rss / limit : null;
}

/// <summary>The figures of hosts, containers and processes: one list each.</summary>
internal static class FigureLists
{
    public static readonly IReadOnlyList<Figure<HostSample>> OfHosts =
    [
        new("busy", s => s.Cpu.Busy),
        new("user", s => s.Cpu.User, "busy"),
        new("system", s => s.Cpu.System, "busy"),
        new("ioWait", s => s.Cpu.IoWait, "busy"),
        new("steal", s => s.Cpu.Steal, "busy"),
        new("load1", s => s.Load.One),
        new("load5", s => s.Load.Five),
        new("load15", s => s.Load.Fifteen),
        new("loadPerCore", s => s.Load.One / Math.Max(1, s.Cores)),
        new("running", s => s.RunQueue?.Running),
        new("blocked", s => s.RunQueue?.Blocked),
        new("memory", s => s.MemoryTotal > 0 ? (double)s.MemoryUsed / s.MemoryTotal : 0),
        new("swap", s => s.Swap?.Used),
        new("swapShare", s => s.Swap is { Total: > 0 } swap ? (double)swap.Used / swap.Total : null),
        new("networkIn", s => s.Network.In),
        new("networkOut", s => s.Network.Out),
        new("network", s => s.Network.In + s.Network.Out),
        new("diskRead", s => s.Disk.In),
        new("diskWrite", s => s.Disk.Out),
        new("disk", s => s.Disk.In + s.Disk.Out),
        new("diskBusy", s => s.Disks is { Count: > 0 } disks ? disks.Max(d => d.Busy) : null),
        new("retransmits", s => s.Tcp?.Retransmits),
        new("segments", s => s.Tcp?.SegmentsOut),
        new("listenDrops", s => s.Tcp?.ListenDrops),
        new("packetsLost", s => s.Interfaces?.Sum(i => i.Errors + i.Dropped)),
        new("sockets", s => s.Sockets),
        new("agentCpu", s => s.Agent?.Cpu),
    ];

    public static readonly IReadOnlyList<Figure<ContainerReading>> OfContainers =
    [
        new("cpu", c => c.Container.Cpu),
        new("cpuShare", c => c.CpuShare),
        new("cpuLimit", c => c.Container.CpuLimit),
        new("throttled", c => c.Container.Throttled),
        new("memory", c => c.Container.Memory),
        new("memoryShare", c => c.MemoryShare),
        new("memoryLimit", c => c.Container.MemoryLimit),
        new("networkIn", c => c.Container.Network?.In),
        new("networkOut", c => c.Container.Network?.Out),
        new("network", c => c.Container.Network is { } n ? n.In + n.Out : null),
        new("restarts", c => c.Container.Restarts),
    ];

    public static readonly IReadOnlyList<Figure<ProcessReading>> OfProcesses =
    [
        new("cpu", p => p.Process.Cpu),
        new("cpuShare", p => p.CpuShare),
        new("rss", p => p.Process.Rss),
        new("memoryShare", p => p.MemoryShare),
        new("threads", p => p.Process.Threads),
        new("descriptors", p => p.Process.Descriptors),
        new("heap", p => p.Process.Gc?.Heap),
        new("allocated", p => p.Process.Gc?.Allocated),
        new("stopped", p => p.Process.Gc?.PauseShare),
    ];
}
