using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Addresses of the other end, found before a fault is applied: under it, names may not resolve any more.</summary>
internal static class Peers
{
    /// <summary>Networks of what people wrote: addresses, networks, names of containers and hosts.</summary>
    public static async Task<IReadOnlyList<IPNetwork>> ResolveAsync(IReadOnlyList<string> names, FaultTarget target, FaultTools tools, ICollection<string> problems, CancellationToken stop)
    {
        List<IPNetwork> found = [];
        foreach (var name in names)
        {
            if (Written(name) is { } network)
                found.Add(network);
            else if ((await NamedAsync(name, target, tools, stop)) is { Count: > 0 } addresses)
                found.AddRange(addresses.Select(One));
            else
                problems.Add($"'{name}' is neither an address (10.0.0.7), nor a network (10.0.0.0/8), nor the name of a container or host that can be found.");
        }
        return [.. found.Distinct()];
    }

    /// <summary>For the journal.</summary>
    public static JsonArray Write(IEnumerable<IPNetwork> peers) => [.. peers.Select(p => (JsonNode)p.ToString())];

    /// <summary>From the journal.</summary>
    public static IReadOnlyList<IPNetwork> Read(JsonNode? written) => [.. (written as JsonArray ?? []).Select(p => IPNetwork.Parse(p!.GetValue<string>()))];

    private static IPNetwork? Written(string text) =>
        IPAddress.TryParse(text, out var address) ? One(address) : IPNetwork.TryParse(text, out var network) ? network : null;

    private static IPNetwork One(IPAddress address) => new(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);

    private static async Task<IReadOnlyList<IPAddress>> NamedAsync(string name, FaultTarget target, FaultTools tools, CancellationToken stop)
    {
        if (target is FaultTarget.Container && await OfContainerAsync(name, tools, stop) is { Count: > 0 } addresses)
            return addresses;
        try
        {
            return await Dns.GetHostAddressesAsync(name, stop);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return [];
        }
    }

    private static async Task<IReadOnlyList<IPAddress>> OfContainerAsync(string name, FaultTools tools, CancellationToken stop)
    {
        using var docker = new DockerApi(tools.DockerSocket);
        var networks = (await docker.InspectAsync(name, stop))?["NetworkSettings"]?["Networks"] as JsonObject ?? [];
        return [.. networks.SelectMany(n => new[] { n.Value?["IPAddress"], n.Value?["GlobalIPv6Address"] })
            .Select(a => IPAddress.TryParse(a?.GetValue<string>(), out var address) ? address : null).OfType<IPAddress>()];
    }
}
