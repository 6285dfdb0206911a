namespace Pressure.Faults;

/// <summary>Every kind of fault that there is.</summary>
public static class FaultCatalogue
{
    /// <summary>The list.</summary>
    /// <param name="tools">What faults reach the system through.</param>
    public static IReadOnlyList<IFault> All(FaultTools tools) =>
    [
        .. ContainerFaults.All(tools),
        .. ResourceFaults.All(tools),
        .. NetworkFaults.All(tools),
        .. GatewayFaults.All(tools),
    ];
}
