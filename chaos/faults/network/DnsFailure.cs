using System.Net;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Names do not resolve any more.</summary>
/// <remarks>
/// Containers on networks of their own ask 127.0.0.11, and what they send there is given another port before the filter sees it; so all of that
/// address is meant, which is there for names alone.
/// </remarks>
internal sealed class DnsFailure(FaultTools tools) : PacketFault(tools)
{
    private static readonly IPNetwork ContainerResolver = IPNetwork.Parse("127.0.0.11/32");
    private static readonly FaultParameter Mode = new("mode", ParameterType.Text, "refuse (told at once that nobody is there) or drop (no answer, until the program gives up)", "refuse");

    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = "dns-failure",
        Summary = "Lets a target's questions for names fail (port 53, UDP and TCP); what its programs remember still holds. Undone by taking the packet filter's rules out.",
        Target = TargetKind.Container,
        AlsoTargets = [TargetKind.Process, TargetKind.Host],
        Parameters = [Mode, PacketScope.ToParameter with { Summary = "the name servers' addresses, separated by commas; all if left away" }],
        EndsByItself = true,
    };

    /// <inheritdoc/>
    protected override IEnumerable<string> OwnProblems(PacketScope scope, JsonObject arguments)
    {
        if (FaultArguments.Text(Description, arguments, Mode.Name) is not ("refuse" or "drop") and var mode)
            yield return $"'{mode}' is no mode: refuse or drop.";
    }

    /// <inheritdoc/>
    protected override PacketScope Bounds(PacketScope scope) => scope with { Ports = [53], Direction = Direction.Out };

    /// <inheritdoc/>
    protected override IEnumerable<FilterRule> Rules(IpFamily family, PacketScope scope, IReadOnlyList<IPNetwork> peers, JsonObject arguments)
    {
        var refuse = FaultArguments.Text(Description, arguments, Mode.Name) == "refuse";
        var unreachable = family == IpFamily.V6 ? "icmp6-port-unreachable" : "icmp-port-unreachable";
        var everybody = family == IpFamily.V4 && peers.Count == 0;
        List<FilterRule> rules = [];
        Add("udp", unreachable);
        Add("tcp", "tcp-reset");
        return rules;

        void Add(string protocol, string answer)
        {
            var action = refuse ? $"REJECT --reject-with {answer}" : FilterRule.Lost;
            rules.AddRange(FilterRule.For(family, scope with { Protocol = protocol }, peers, "", action));
            if (everybody || family == IpFamily.V4 && peers.Contains(ContainerResolver))
                rules.AddRange(FilterRule.For(IpFamily.V4, scope with { Protocol = protocol, Ports = [] }, [ContainerResolver], "", action));
        }
    }
}
