using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pressure.Faults;

/// <summary>One of the kernel's two packet filters.</summary>
internal enum IpFamily
{
    /// <summary>IPv4.</summary>
    V4,

    /// <summary>IPv6.</summary>
    V6,
}

/// <summary>A rule of the packet filter, as <c>iptables</c> writes it.</summary>
/// <param name="Family">Of which filter.</param>
/// <param name="Table">Its table.</param>
/// <param name="Chain">Its chain.</param>
/// <param name="Match">What it matches.</param>
/// <param name="Action">What it does: <c>DROP</c>.</param>
internal sealed record FilterRule(IpFamily Family, string Table, string Chain, string Match, string Action)
{
    /// <summary>A packet is lost.</summary>
    public const string Lost = "DROP";

    /// <summary>
    /// A packet is lost on its way out, without telling the sender. DROP would let the sender's call fail (EPERM), and TCP would know that nothing was sent, which
    /// no network does; a queue that nobody listens on loses it in silence.
    /// </summary>
    private const string LostInSilence = "NFQUEUE --queue-num 47113";

    /// <summary>
    /// Its line, in front of what is there already. The kernel itself stops matching it after the second that the deadline lies in: it compares whole
    /// seconds of UTC, and the last one is included.
    /// </summary>
    public string Line(string handle, DateTimeOffset deadline) =>
        $"-I {Chain} {Match} -m time --datestop {deadline.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)} -m comment --comment \"pressure:{handle}\" -j {Action}";

    /// <summary>What a scope matches in the chains of packets that come in and go out, once for each peer and protocol.</summary>
    public static IEnumerable<FilterRule> For(IpFamily family, PacketScope scope, IReadOnlyList<IPNetwork> peers, string more, string action)
    {
        if (scope.Direction != Direction.Out)
            foreach (var match in Matches(family, scope, peers, "-s", "-i"))
                yield return new(family, "filter", "INPUT", match + more, action);
        if (scope.Direction != Direction.In)
            foreach (var match in Matches(family, scope, peers, "-d", "-o"))
                yield return new(family, "filter", "OUTPUT", match + more, action == Lost ? LostInSilence : action);
    }

    /// <summary>The peers that a filter knows; null for all of them.</summary>
    public static IEnumerable<string?> PeersOf(IpFamily family, IReadOnlyList<IPNetwork> peers) =>
        peers.Count == 0 ? new string?[] { null } : peers.Where(p => (p.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6) == (family == IpFamily.V6)).Select(p => (string?)p.ToString());

    private static IEnumerable<string> Matches(IpFamily family, PacketScope scope, IReadOnlyList<IPNetwork> peers, string side, string device)
    {
        var open = scope is { To.Count: 0, Ports.Count: 0 };
        foreach (var peer in PeersOf(family, peers))
        {
            foreach (var protocol in Protocols(scope))
            {
                yield return string.Join(' ', new[]
                {
                    peer is null ? null : $"{side} {peer}",
                    // Without bounds it means the network, not what a program says to its neighbour.
                    open ? $"! {device} lo" : null,
                    protocol is null ? null : $"-p {protocol}",
                    scope.Ports.Count == 0 ? null : $"-m multiport --ports {string.Join(',', scope.Ports)}",
                }.OfType<string>());
            }
        }
    }

    private static string?[] Protocols(PacketScope scope) =>
        scope.Protocol != "all" ? [scope.Protocol] : scope.Ports.Count > 0 ? ["tcp", "udp"] : [null];
}
