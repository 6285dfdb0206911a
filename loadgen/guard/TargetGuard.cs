using System.Net;

namespace Pressure.LoadGen;

/// <summary>Which hosts may be pressed: loopback always, any other only when it stands in the allow-list.</summary>
/// <param name="allow">Host names or addresses (exact, case-insensitive), optionally with a port: <c>shop.test</c>, <c>10.0.0.7:8080</c>, <c>[::1]:80</c>.</param>
/// <remarks>
/// Loopback is <c>localhost</c>, 127.0.0.0/8 and ::1, judged by what the URL says and not by what a name resolves to.
/// Odd spellings (127.1, 0x7f.1, 2130706433) have become plain addresses in <see cref="Uri"/> before.
/// </remarks>
public sealed class TargetGuard(IEnumerable<string> allow)
{
    private readonly HashSet<string> _allow = allow.Select(Normal).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>All hosts of the plan that are not allowed, each as a sentence with its remedy; empty when the plan may run.</summary>
    public IReadOnlyList<string> Refusals(LoadPlan plan) =>
    [
        .. RefusedHosts(plan).Select(host => $"Host {host} is neither this machine nor in the allow-list. If it is yours to press, run with --allow {host}, or add it to the service's settings."),
    ];

    /// <summary>The hosts themselves. A proxy carries the whole load, so it must be allowed like a target, and allows no other target.</summary>
    public IReadOnlyList<string> RefusedHosts(LoadPlan plan) =>
    [
        .. plan.Requests.Select(r => r.Url).Prepend(plan.Target).Concat(plan.Http.Proxy is { } proxy ? [proxy.Address] : []).Concat(Compared(plan))
            .Where(url => !Allows(url)).Select(url => url.Host).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Whether one URL may be pressed.</summary>
    public bool Allows(Uri url) =>
        IsLoopback(url) || _allow.Contains(url.IdnHost) || _allow.Contains(Bare(url.Host)) || _allow.Contains($"{url.IdnHost}:{url.Port}") || _allow.Contains($"{url.Host}:{url.Port}");

    // They get the same requests.
    private static IEnumerable<Uri> Compared(LoadPlan plan) =>
        plan.Load is Load.Replay { Order.Compare: { } compare } ? new[] { compare.Primary, compare.Secondary }.OfType<Uri>() : [];

    private static bool IsLoopback(Uri url) =>
        url.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    private static string Normal(string entry) => Bare(entry.Trim());

    /// <summary>An address without the brackets that URLs put around it; with a port they stay.</summary>
    private static string Bare(string host) => host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
}
