namespace Pressure.Faults;

/// <summary>Faults of the fault gateway's routes.</summary>
internal static class GatewayFaults
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<IFault> All(FaultTools tools) =>
    [
        new HttpDelay(tools),
        new HttpAbort(tools),
        new HttpStatus(tools),
        new HttpBody(tools),
        new TcpDelay(tools),
        new TcpReset(tools),
        new TcpBlackhole(tools),
        new TcpBandwidth(tools),
    ];
}
