using System.Net;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Nothing gets through, and nobody is told.</summary>
internal sealed class NetworkPartition(FaultTools tools) : PacketFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "network-partition",
        Summary = "Drops all packets between a target and others, or everybody; undone by taking the packet filter's rules out.",
        Target = TargetKind.Container,
        AlsoTargets = [TargetKind.Process, TargetKind.Host],
        Parameters = [PacketScope.ToParameter, PacketScope.PortParameter, PacketScope.DirectionParameter, PacketScope.ProtocolParameter],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override IEnumerable<FilterRule> Rules(IpFamily family, PacketScope scope, IReadOnlyList<IPNetwork> peers, JsonObject arguments) =>
        FilterRule.For(family, scope, peers, "", FilterRule.Lost);
}
