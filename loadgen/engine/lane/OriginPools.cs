using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>A lane's pools: of the plan's origins, in their order, and behind them of those that redirects have led to.</summary>
internal sealed class OriginPools : IDisposable
{
    // A target that redirects to ever new ports must not make us hold a pool for each.
    private const int MostFound = 100;

    private readonly List<OriginPool> _pools;
    private readonly int _planned;
    private readonly LoadPlan _plan;
    private readonly CancellationTokenSource _closing = new();
    private TlsContext? _tls;

    /// <summary>The pools of the plan's origins.</summary>
    public OriginPools(IReadOnlyList<Origin> origins, LoadPlan plan)
    {
        (_plan, _planned) = (plan, origins.Count);
        _pools = [.. origins.Select((o, i) => new OriginPool(o, i, plan.Timeouts))];
        if (origins.Any(o => o.IsSecure))
            _tls = new TlsContext(plan.Http);
    }

    /// <summary>How many there are.</summary>
    public int Count => _pools.Count;

    /// <summary>TLS as the plan has it.</summary>
    public TlsContext Tls => _tls ??= new TlsContext(_plan.Http);

    /// <summary>The pool at a position; the plan's origins come first.</summary>
    public OriginPool this[int position] => _pools[position];

    /// <summary>The pool for a URL that a redirect leads to; null, with an error, when there can be none.</summary>
    public OriginPool? Open(Uri url, out RequestError error)
    {
        error = RequestError.None;
        foreach (var pool in _pools)
        {
            if (pool.Origin.Is(url))
                return pool;
        }

        var origin = new Origin(url.Scheme, url.IdnHost, url.Port);
        error = _pools.Count >= _planned + MostFound ? RequestError.RedirectRefused : origin.IsSecure && !OpenSsl.IsPresent ? RequestError.TlsFailed : RequestError.None;
        if (error != RequestError.None)
            return null;
        _ = origin.ResolveAsync(_closing.Token);
        _pools.Add(new OriginPool(origin, _pools.Count, _plan.Timeouts));
        return _pools[^1];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
        foreach (var pool in _pools)
            pool.Ticket.Dispose();
        _tls?.Dispose();
    }
}
