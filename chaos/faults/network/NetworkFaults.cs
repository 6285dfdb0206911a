namespace Pressure.Faults;

/// <summary>Faults of networks and names.</summary>
internal static class NetworkFaults
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<IFault> All(FaultTools tools) =>
    [
        new NetworkLoss(tools),
        new NetworkPartition(tools),
        new NetworkReset(tools),
        new NetworkBandwidth(tools),
        new NetworkDelay(tools),
        new DnsFailure(tools),
    ];
}
