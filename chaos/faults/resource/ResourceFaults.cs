namespace Pressure.Faults;

/// <summary>Faults of processes, CPU, memory, disks.</summary>
internal static class ResourceFaults
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<IFault> All(FaultTools tools) =>
    [
        new ProcessFreeze(tools),
        new CpuQuota(tools, TargetKind.Container),
        new CpuQuota(tools, TargetKind.Process),
        new CpuBurn(tools, TargetKind.Container),
        new CpuBurn(tools, TargetKind.Process),
        new CpuBurn(tools, TargetKind.Host),
        new MemoryPressure(tools, TargetKind.Container),
        new MemoryPressure(tools, TargetKind.Host),
    ];
}
