namespace Pressure.Reports;

/// <summary>What a row of the table of water levels is about.</summary>
internal enum LevelOf
{
    Service,
    Host,
    Container,
    Process,
}

/// <summary>How near to its limits a subject came. Shares are 0 to 1 of what it may use; what was not measured is null.</summary>
internal sealed record WaterLevel(LevelOf Kind, string Name, string Where, string? Service)
{
    public MeanAndPeak? Cpu { get; init; }

    public double? Throttled { get; init; }

    public double? LoadPerCore { get; init; }

    public MeanAndPeak? Memory { get; init; }

    /// <summary>Bytes per second at the peak.</summary>
    public double? Network { get; init; }

    /// <summary>Share of the time in which it was stopped for collections.</summary>
    public double? Gc { get; init; }

    /// <summary>Share of a limit that it came nearest to.</summary>
    public double Level => Math.Max(Math.Max(Cpu?.Peak ?? 0, Memory?.Peak ?? 0), Gc ?? 0);

    /// <summary>All of a run, the nearest to a limit first.</summary>
    public static IReadOnlyList<WaterLevel> Of(RunSummary summary)
    {
        List<WaterLevel> levels =
        [
            .. summary.Hosts.Select(OfHost),
            .. summary.Hosts.SelectMany(h => h.Containers, OfContainer),
            .. summary.Hosts.SelectMany(h => h.Processes.Where(p => !IsAlone(h, p)), OfProcess),
        ];
        levels.AddRange(summary.ByService.Where(s => s.Cpu is not null).Select(s => OfService(s, [.. levels.Where(l => l.Service == s.Name)])));
        return [.. levels.OrderByDescending(l => Math.Round(l.Level, 3)).ThenBy(l => l.Kind).ThenBy(l => l.Name, StringComparer.Ordinal)];
    }

    private static WaterLevel OfHost(HostSummary h) => new(LevelOf.Host, h.Name, "", h.Labels.GetValueOrDefault(Machines.ServiceLabel))
    {
        Cpu = h.Cpu,
        LoadPerCore = (h.LoadPerCore ?? new(0, h.Cores > 0 ? h.Load1.Peak / h.Cores : 0)).Peak,
        Memory = h.Memory,
        Network = h.Network.Peak,
    };

    private static WaterLevel OfContainer(HostSummary h, ContainerSummary c) => new(LevelOf.Container, c.Name, h.Name, c.Service ?? h.Labels.GetValueOrDefault(Machines.ServiceLabel))
    {
        Cpu = c.CpuShare,
        Throttled = c.Throttled?.Mean,
        Memory = c.MemoryShare,
        Network = c.Network?.Peak,
        Gc = h.Processes.Where(p => p.Container == c.Name).Max(p => p.GcShare?.Mean),
    };

    /// <summary>The only process of a container says what its container says.</summary>
    private static bool IsAlone(HostSummary h, ProcessSummary p) =>
        p.Container is { } name && h.Containers.Any(c => c.Name == name) && h.Processes.Count(o => o.Container == name) == 1;

    private static WaterLevel OfProcess(HostSummary h, ProcessSummary p) => new(LevelOf.Process, p.Name, p.Container ?? h.Name, p.Service ?? h.Labels.GetValueOrDefault(Machines.ServiceLabel))
    {
        Cpu = p.CpuShare,
        Memory = p.MemoryShare,
        Gc = p.GcShare?.Mean,
    };

    private static WaterLevel OfService(ServiceSummary s, List<WaterLevel> parts) => new(LevelOf.Service, s.Name, "", s.Name)
    {
        Cpu = s.Cpu,
        Throttled = parts.Max(p => p.Throttled),
        LoadPerCore = parts.Max(p => p.LoadPerCore),
        Memory = s.Memory,
        Network = parts.Max(p => p.Network),
        Gc = s.Gc?.StoppedShare ?? parts.Max(p => p.Gc),
    };
}
