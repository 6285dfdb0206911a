namespace Pressure.Faults;

/// <summary>Faults of processes, CPU, memory, disks.</summary>
internal static class ResourceFaults
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<IFault> All(FaultTools tools) =>
    [
    ];
}
