namespace Pressure.TrafficCopy;

/// <summary>
/// A fixed list of endpoints, the last of which is <see cref="EndpointTally.Other"/>: tells a request's position in it without allocating. Used by one
/// thread at a time.
/// </summary>
public sealed class EndpointTable
{
    private readonly Dictionary<byte[], int> _places = EndpointKey.Table<int>();
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly byte[] _key = new byte[EndpointKey.Longest];

    /// <summary>A table of what a capture's index lists, or of several ones' together. Counts of the same endpoint are added up.</summary>
    public EndpointTable(IEnumerable<EndpointCount> endpoints)
    {
        _lookup = _places.GetAlternateLookup<ReadOnlySpan<byte>>();
        var counted = endpoints.GroupBy(e => (e.Method, e.Path), (key, same) => new EndpointCount(key.Method, key.Path, same.Sum(e => e.Requests)))
            .OrderByDescending(e => e.Requests).ThenBy(e => e.Path, StringComparer.Ordinal).ThenBy(e => e.Method, StringComparer.Ordinal).ToList();
        var named = counted.Where(e => !e.IsOther).Take(EndpointTally.MostListed).ToList();
        Endpoints = [.. named, EndpointTally.Other(counted.Sum(e => e.Requests) - named.Sum(e => e.Requests))];
        for (var i = 0; i < named.Count; i++)
            _places[EndpointKey.Of(named[i].Method, named[i].Path)] = i;
    }

    /// <summary>The endpoints, the most frequent first, the rest last.</summary>
    public IReadOnlyList<EndpointCount> Endpoints { get; }

    /// <summary>Position of an exchange's endpoint.</summary>
    public int IndexOf(CapturedExchange exchange) => At(_key.AsSpan(0, EndpointKey.Write(exchange, _key)));

    /// <summary>Position of a request's endpoint.</summary>
    public int IndexOf(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target) => At(_key.AsSpan(0, EndpointKey.Write(method, target, _key)));

    private int At(ReadOnlySpan<byte> key) => _lookup.TryGetValue(key, out var place) ? place : Endpoints.Count - 1;
}
