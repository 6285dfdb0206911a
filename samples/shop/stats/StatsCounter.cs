using System.Collections.Concurrent;

namespace Shop;

/// <summary>Counts requests and answers per endpoint.</summary>
internal sealed class StatsCounter
{
    private volatile ConcurrentDictionary<(string Method, string? Route), Counts> _counts = new();

    public Counts Of(HttpContext context)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        return _counts.GetOrAdd((route is null ? "" : context.Request.Method, route), static _ => new Counts());
    }

    /// <summary>Starts afresh; requests under way finish in the counts that they began in.</summary>
    public void Reset() => _counts = new();

    public ServiceStats Snapshot(ShopRole role, Admission admission)
    {
        var (inside, peak) = admission.Load;
        return new ServiceStats(role, inside, peak, _counts.ToDictionary(
            c => c.Key.Route is null ? "(none)" : $"{c.Key.Method} {c.Key.Route}",
            c => c.Value.Snapshot()));
    }

    public sealed class Counts
    {
        private readonly ConcurrentDictionary<int, long> _statuses = new();
        private long _received;
        private long _marked;

        public void Receive(bool marked)
        {
            Interlocked.Increment(ref _received);
            if (marked)
                Interlocked.Increment(ref _marked);
        }

        public void Answer(int status) => _statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);

        public EndpointStats Snapshot() =>
            new(Interlocked.Read(ref _received), Interlocked.Read(ref _marked), _statuses.OrderBy(s => s.Key).ToDictionary(s => s.Key, s => s.Value));
    }
}
