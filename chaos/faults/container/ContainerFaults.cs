namespace Pressure.Faults;

/// <summary>Faults of containers and pods.</summary>
internal static class ContainerFaults
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<IFault> All(FaultTools tools) =>
    [
    ];
}
