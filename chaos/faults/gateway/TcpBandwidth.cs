using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Few bytes of connections pass in a second.</summary>
internal sealed class TcpBandwidth(FaultTools tools) : GatewayFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "tcp-bandwidth",
        Summary = "Limits the bytes per second of each connection through the gateway; undone by taking the rule away, and what waits goes on.",
        Target = TargetKind.Route,
        Parameters = [new("rate", ParameterType.BitRate, "bits per second of each connection and direction (1mbit)"), PacketScope.DirectionParameter with { Summary = "which bytes: in (to the service), out (from it), both" }, PercentParameter],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override GatewayEffect Effect(JsonObject arguments, ICollection<string> problems) =>
        GatewayDirection.Slow(new(BitRate: FaultArguments.BitRate(Argument(arguments, "rate"))!.Value), PacketScope.Read(Description, arguments, problems).Direction);
}
