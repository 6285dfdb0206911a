using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Packets are lost, each by chance.</summary>
internal sealed class NetworkLoss(FaultTools tools) : PacketFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "network-loss",
        Summary = "Loses a share of a target's packets; undone by taking the packet filter's rules out.",
        Target = TargetKind.Container,
        AlsoTargets = [TargetKind.Process, TargetKind.Host],
        Parameters =
        [
            new("percent", ParameterType.Percent, "share of packets that are lost, in each direction"),
            PacketScope.ToParameter, PacketScope.PortParameter, PacketScope.DirectionParameter, PacketScope.ProtocolParameter,
        ],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override IEnumerable<FilterRule> Rules(IpFamily family, PacketScope scope, IReadOnlyList<IPNetwork> peers, JsonObject arguments) =>
        FilterRule.For(family, scope, peers, Chance.Match(FaultArguments.Percent(FaultArguments.Text(Description, arguments, "percent"))!.Value), FilterRule.Lost);
}

/// <summary>The kernel's dice.</summary>
internal static class Chance
{
    /// <summary>A match for a share of packets; none for all of them.</summary>
    public static string Match(double share) =>
        share >= 1 ? "" : $" -m statistic --mode random --probability {share.ToString("0.##########", CultureInfo.InvariantCulture)}";
}
