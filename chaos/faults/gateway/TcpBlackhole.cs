using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Connections stay open, and nothing passes.</summary>
internal sealed class TcpBlackhole(FaultTools tools) : GatewayFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "tcp-blackhole",
        Summary = "Lets no byte of connections through the gateway pass; undone by taking the rule away, and all that waits goes on.",
        Target = TargetKind.Route,
        Parameters = [PacketScope.DirectionParameter with { Summary = "which bytes: in (to the service), out (from it), both" }, PercentParameter],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override GatewayEffect Effect(JsonObject arguments, ICollection<string> problems) =>
        GatewayDirection.Slow(new(Held: true), PacketScope.Read(Description, arguments, problems).Direction);
}
