using System.Net;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>TCP connections are reset: whoever sends is told that nobody is there.</summary>
internal sealed class NetworkReset(FaultTools tools) : PacketFault(tools)
{
    private static readonly FaultParameter Percent = new("percent", ParameterType.Percent, "share of packets that are answered with a reset", "100%");

    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "network-reset",
        Summary = "Answers a target's TCP packets with a reset, so that connections break and new ones are refused; undone by taking the packet filter's rules out.",
        Target = TargetKind.Container,
        AlsoTargets = [TargetKind.Process, TargetKind.Host],
        Parameters = [Percent, PacketScope.ToParameter, PacketScope.PortParameter, PacketScope.DirectionParameter],
        EndsByItself = true,
    };

    /// <summary>Resets pass, ours above all: the other end has to hear of it.</summary>
    private const string ButResets = " -m tcp --tcp-flags RST NONE";

    /// <inheritdoc/>
    protected override IEnumerable<FilterRule> Rules(IpFamily family, PacketScope scope, IReadOnlyList<IPNetwork> peers, JsonObject arguments) =>
        FilterRule.For(family, scope with { Protocol = "tcp" }, peers, ButResets + Chance.Match(FaultArguments.Percent(FaultArguments.Text(Description, arguments, Percent.Name))!.Value), "REJECT --reject-with tcp-reset");
}
