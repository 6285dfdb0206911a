namespace Pressure.Faults;

/// <summary>Faults of the fault gateway's routes.</summary>
internal static class GatewayFaults
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<IFault> All(FaultTools tools) =>
    [
    ];
}
