namespace Pressure.Faults;

/// <summary>Faults of processes, CPU, memory, disks.</summary>
internal static class ResourceFaults
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<IFault> All(FaultTools tools) =>
    [
        new ProcessFreeze(tools),
        new ProcessKill(tools),
        new CpuQuota(tools, TargetKind.Container),
        new CpuQuota(tools, TargetKind.Process),
        new CpuBurn(tools, TargetKind.Container),
        new CpuBurn(tools, TargetKind.Process),
        new CpuBurn(tools, TargetKind.Host),
        new MemoryPressure(tools, TargetKind.Container),
        new MemoryPressure(tools, TargetKind.Host),
        new MemoryLimit(tools, TargetKind.Container),
        new MemoryLimit(tools, TargetKind.Process),
        new IoThrottle(tools, TargetKind.Container),
        new IoThrottle(tools, TargetKind.Process),
        new DiskFill(tools, TargetKind.Container),
        new DiskFill(tools, TargetKind.Host),
    ];
}
