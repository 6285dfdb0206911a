namespace Pressure.TrafficCopy;

/// <summary>Counts requests by endpoint, in bounded memory whatever is asked for. Used by one thread at a time.</summary>
public sealed class EndpointTally
{
    /// <summary>Endpoints listed by name, at most.</summary>
    public const int MostListed = 200;

    // Far more than are listed, so that those which are rare at first can still come to the top.
    private const int MostKept = 8192;

    private readonly Dictionary<byte[], Box> _counts = EndpointKey.Table<Box>();
    private readonly Dictionary<byte[], Box>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly byte[] _key = new byte[EndpointKey.Longest];
    private long _others;

    /// <summary>Nothing counted yet.</summary>
    public EndpointTally() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The most frequent ones, and the rest (if any) as the last; together all that was counted.</summary>
    public IReadOnlyList<EndpointCount> Top
    {
        get
        {
            var sorted = _counts.Select(e => Count(e.Key, e.Value.Requests))
                .OrderByDescending(e => e.Requests).ThenBy(e => e.Path, StringComparer.Ordinal).ThenBy(e => e.Method, StringComparer.Ordinal).ToList();
            var rest = _others + sorted.Skip(MostListed).Sum(e => e.Requests);
            return rest == 0 ? [.. sorted] : [.. sorted.Take(MostListed), Other(rest)];
        }
    }

    /// <summary>All endpoints that are not listed by name, as one.</summary>
    public static EndpointCount Other(long requests) => new("*", EndpointCount.OtherPath, requests);

    /// <summary>Counts an exchange.</summary>
    public void Add(CapturedExchange exchange)
    {
        var key = _key.AsSpan(0, EndpointKey.Write(exchange, _key));
        if (!_lookup.TryGetValue(key, out var box))
        {
            if (_counts.Count == MostKept)
                ForgetRarest();
            _counts.Add(key.ToArray(), box = new Box());
        }

        box.Requests++;
    }

    /// <summary>Makes room: half of them, the rarest, are among the others from now on.</summary>
    private void ForgetRarest()
    {
        foreach (var (key, box) in _counts.OrderBy(e => e.Value.Requests).Take(MostKept / 2).ToList())
        {
            _others += box.Requests;
            _counts.Remove(key);
        }
    }

    private static EndpointCount Count(byte[] key, long requests)
    {
        var (method, path) = EndpointKey.Words(key);
        return new EndpointCount(method, path, requests);
    }

    private sealed class Box
    {
        public long Requests { get; set; }
    }
}
