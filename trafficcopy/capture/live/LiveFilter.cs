using System.Net;

namespace Pressure.TrafficCopy;

/// <summary>What of an interface's packets is captured, in the kernel already: TCP of these ports and these hosts.</summary>
public sealed record LiveFilter
{
    // A fragment other than the first has no ports; it is taken for the sake of those that belong to one that has the right ones.
    private const string LaterFragment = "(ip[6:2] & 0x1fff != 0)";

    /// <summary>Ports of either side; empty for all.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>Addresses of either side, or networks such as <c>10.0.0.0/8</c>; empty for all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether only what is sent to these ports and hosts is wanted: requests without their responses, at a fraction of the cost.</summary>
    public bool RequestsOnly { get; init; }

    /// <summary>A condition in tcpdump's language (pcap-filter) besides; empty for none.</summary>
    public string Expression { get; init; } = "";

    /// <summary>What is wrong with it as far as can be told without an interface; null when nothing is.</summary>
    public string? Problem =>
        Ports.FirstOrDefault(p => p is < 1 or > 65_535) is var port && port != 0 ? $"{port} is no port: it must be between 1 and 65535."
        : Hosts.FirstOrDefault(h => !IsHost(h)) is { } host ? $"'{host}' is no IP address and no network such as 10.0.0.0/8."
        : null;

    /// <summary>The condition in tcpdump's language.</summary>
    /// <param name="link">What packets begin with; tags of VLANs are looked into where they can be.</param>
    public string Text(LinkType link)
    {
        List<string> parts = ["tcp"];
        var side = RequestsOnly ? "dst " : "";
        if (Hosts.Count > 0)
            parts.Add($"({string.Join(" or ", Hosts.Select(h => side + (h.Contains('/', StringComparison.Ordinal) ? "net " : "host ") + h))})");
        if (Ports.Count > 0)
            parts.Add($"({string.Join(" or ", Ports.Select(p => $"{side}port {p}"))} or {LaterFragment})");
        if (Expression.Length > 0)
            parts.Add($"({Expression})");
        var plain = string.Join(" and ", parts);
        // What comes after 'vlan' is looked for behind the tag, so it has to be last.
        return link == LinkType.Ethernet ? $"({plain}) or (vlan and {plain})" : plain;
    }

    private static bool IsHost(string host) => IPAddress.TryParse(host, out _) || IPNetwork.TryParse(host, out _);
}
