using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>The endpoints of captures as a plan's requests, for the accounts.</summary>
internal static class ReplayEndpoints
{
    /// <summary>The most frequent ones that may be replayed, and (if there are more) one for the rest, the last.</summary>
    public static IReadOnlyList<EndpointCount> Of(IReadOnlyList<ICaptureReader> captures, ReplayOrder order) => Of(captures.SelectMany(c => c.Info.Endpoints), order);

    /// <summary>The same of what was heard of so far; the rest is to come.</summary>
    public static IReadOnlyList<EndpointCount> OfLive(IReadOnlyList<EndpointCount> heard, ReplayOrder order) => Of(heard.Append(EndpointTally.Other(1)), order);

    private static IReadOnlyList<EndpointCount> Of(IEnumerable<EndpointCount> endpoints, ReplayOrder order)
    {
        var all = endpoints.Where(e => e.IsOther || IsReplayed(e, order)).ToList();
        var named = all.Where(e => !e.IsOther).GroupBy(e => (e.Method, e.Path), (key, same) => new EndpointCount(key.Method, key.Path, same.Sum(e => e.Requests)))
            .OrderByDescending(e => e.Requests).ThenBy(e => e.Path, StringComparer.Ordinal).ThenBy(e => e.Method, StringComparer.Ordinal).ToList();
        var rest = all.Where(e => e.IsOther).Sum(e => e.Requests) + named.Skip(ReplayPreparation.MostEndpoints).Sum(e => e.Requests);
        return rest > 0 || named.Count == 0
            ? [.. named.Take(ReplayPreparation.MostEndpoints), new EndpointCount("*", EndpointCount.OtherPath, rest)]
            : [.. named];
    }

    /// <summary>A request for each endpoint.</summary>
    public static IReadOnlyList<Step> Requests(IReadOnlyList<EndpointCount> endpoints, Uri target)
    {
        var http = target.Scheme is "http" or "https" ? target : new UriBuilder("http", target.Host, target.Port).Uri;
        var raw = new UriBuilder("tcp", target.Host, target.Port).Uri;
        return [.. endpoints.Select(e => new Step.Request
        {
            Name = e.IsOther ? e.Path : $"{e.Method} {e.Path}",
            Method = e.Method,
            Url = e.Method == "TCP" ? raw : UrlOf(e, http),
            Service = target.Authority,
        })];
    }

    private static bool IsReplayed(EndpointCount endpoint, ReplayOrder order) => endpoint.Method == "TCP" ? order.Tcp : order.Methods.Contains(endpoint.Method);

    private static Uri UrlOf(EndpointCount endpoint, Uri target) =>
        endpoint.Path.StartsWith('/') && Uri.TryCreate(target.AbsoluteUri.TrimEnd('/') + endpoint.Path, UriKind.Absolute, out var url) && url.Authority == target.Authority ? url : target;
}
