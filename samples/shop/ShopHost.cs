using System.Net;

namespace Shop;

/// <summary>
/// The shop, running in this process:
/// <code>await using var shop = await ShopHost.StartAsync(new ShopOptions());</code>
/// </summary>
public sealed class ShopHost : IAsyncDisposable
{
    private readonly SortedDictionary<ShopRole, ShopService> _services = [];

    private ShopHost()
    {
    }

    /// <summary>The gateway's URL, <c>http://127.0.0.1:port/</c>.</summary>
    /// <exception cref="KeyNotFoundException">The gateway runs elsewhere.</exception>
    public Uri GatewayUrl => Url(ShopRole.Gateway);

    /// <summary>The services that run in this process, with their URLs.</summary>
    public IReadOnlyDictionary<ShopRole, Uri> Urls => _services.ToDictionary(s => s.Key, s => s.Value.Url);

    /// <summary>Starts the services; all of them answer when this returns.</summary>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<ShopHost> StartAsync(ShopOptions options)
    {
        if (options.Problems() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        var shop = new ShopHost();
        try
        {
            await shop.StartServicesAsync(options);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>A service's URL.</summary>
    /// <exception cref="KeyNotFoundException">The service does not run here.</exception>
    public Uri Url(ShopRole role) => _services[role].Url;

    /// <summary>Makes a service behave so from now on; everything it did before is replaced.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    /// <exception cref="KeyNotFoundException">The service does not run here.</exception>
    public void Behave(ShopRole role, Behaviour behaviour) => _services[role].Behave(behaviour);

    /// <summary>What really reached each service since the last <see cref="ResetStats"/>.</summary>
    public IReadOnlyDictionary<ShopRole, ServiceStats> Stats() => _services.ToDictionary(s => s.Key, s => s.Value.Stats());

    /// <summary>Starts all counts afresh.</summary>
    public void ResetStats()
    {
        foreach (var service in _services.Values)
            service.ResetStats();
    }

    /// <summary>Ends one service for good: its port refuses connections from then on.</summary>
    /// <exception cref="KeyNotFoundException">The service does not run here, or no longer.</exception>
    public async Task StopAsync(ShopRole role)
    {
        var service = _services[role];
        _services.Remove(role);
        await service.DisposeAsync();
    }

    /// <summary>Stops all services; connections that are open are cut after a second.</summary>
    public async ValueTask DisposeAsync()
    {
        // The gateway first, while those behind it still answer.
        while (_services.Count > 0)
            await StopAsync(_services.First().Key);
    }

    private async Task StartServicesAsync(ShopOptions options)
    {
        var known = options.Elsewhere.ToDictionary(e => e.Key, e => (IReadOnlyList<Uri>)[e.Value, .. options.Replicas.GetValueOrDefault(e.Key, [])]);
        // The gateway last: it has to know the others' addresses.
        foreach (var (role, index) in options.Roles.Select((r, i) => (r, i)).OrderByDescending(r => r.r))
        {
            var listen = new IPEndPoint(options.OnNetwork ? IPAddress.Any : IPAddress.Loopback, options.Port == 0 ? 0 : options.Port + index);
            var service = await ShopService.StartAsync(role, listen, known, options.Time);
            _services.Add(role, service);
            known[role] = [service.Url];
        }
    }
}
