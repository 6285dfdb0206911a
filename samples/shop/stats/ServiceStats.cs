namespace Shop;

/// <summary>What really reached a service since its counts were last reset. Control paths are not counted.</summary>
/// <param name="Role">The service.</param>
/// <param name="Inside">Requests being served now; waiting ones not included.</param>
/// <param name="Peak">The most requests served at once.</param>
/// <param name="Endpoints">Counts by endpoint, <c>GET /item/{id}</c>; <c>(none)</c> holds requests that no endpoint takes.</param>
public sealed record ServiceStats(ShopRole Role, int Inside, int Peak, IReadOnlyDictionary<string, EndpointStats> Endpoints)
{
    /// <summary>Requests received, over all endpoints.</summary>
    public long Received => Endpoints.Values.Sum(e => e.Received);

    /// <summary>Answers with a status, over all endpoints.</summary>
    public long Answered(int status) => Endpoints.Values.Sum(e => e.Statuses.GetValueOrDefault(status));
}

/// <summary>Counts of one endpoint. A request whose sender went away before the answer is in <paramref name="Received"/> only.</summary>
/// <param name="Received">Requests whose headers arrived.</param>
/// <param name="Marked">Those among them with an <c>X-Pressure-Run</c> header.</param>
/// <param name="Statuses">Answers by status.</param>
public sealed record EndpointStats(long Received, long Marked, IReadOnlyDictionary<int, long> Statuses);
