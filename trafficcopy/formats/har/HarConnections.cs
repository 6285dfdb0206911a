using System.Globalization;
using System.Text.Json;

namespace Pressure.TrafficCopy;

/// <summary>
/// Tells which entries of a HAR shared a connection: where the file says so, by that; else as a browser does it, with up to six connections to a
/// server (one for HTTP/2), each with one request at a time.
/// </summary>
internal sealed class HarConnections(IExchangeSink to)
{
    private const int MostPerServer = 6;
    private const int MostKnown = 100_000;

    private readonly Dictionary<string, Connection> _named = [];
    private readonly Dictionary<string, List<Connection>> _byServer = [];
    private readonly Dictionary<long, Connection> _own = [];
    private long _next;

    /// <summary>Puts an exchange into its connection.</summary>
    public void Place(CapturedExchange exchange, string? named, HarUrl url, JsonElement own)
    {
        if (_named.Count + _byServer.Count + _own.Count > MostKnown)
            EndAll();
        var connection = own.Get("connection").AsLong() is not 0 and var number ? Own(number) : Find(exchange, named, url);
        exchange.Connection = connection.Number;
        exchange.Order = own.Get("order").ValueKind == JsonValueKind.Number ? (int)own.Get("order").AsLong() : connection.Exchanges;
        connection.Exchanges++;
        connection.BusyUntil = Math.Max(connection.BusyUntil, exchange.HasResponse ? exchange.ResponseEnd : exchange.RequestEnd);
    }

    /// <summary>Nothing follows in any.</summary>
    public void EndAll()
    {
        foreach (var connection in _named.Values.Concat(_byServer.Values.SelectMany(c => c)).Concat(_own.Values))
            to.EndConnection(connection.Number, connection.BusyUntil);
        _named.Clear();
        _byServer.Clear();
        _own.Clear();
    }

    private Connection Own(long number)
    {
        if (!_own.TryGetValue(number, out var connection))
            _own.Add(number, connection = new(number));
        return connection;
    }

    private Connection Find(CapturedExchange exchange, string? named, HarUrl url)
    {
        var server = $"{url.Scheme}://{url.Authority}";
        // Firefox writes the server's port, which tells nothing.
        if (!string.IsNullOrEmpty(named) && named != "0" && named != url.Port.ToString(CultureInfo.InvariantCulture))
        {
            var key = $"{named} {server}";
            if (!_named.TryGetValue(key, out var known))
                _named.Add(key, known = new(++_next));
            return known;
        }

        if (!_byServer.TryGetValue(server, out var connections))
            _byServer.Add(server, connections = []);
        var free = connections.Find(c => c.BusyUntil <= exchange.At || exchange.Protocol == TrafficProtocol.Http2);
        if (free is not null)
            return free;
        if (connections.Count == MostPerServer)
            return connections.MinBy(c => c.BusyUntil)!;
        connections.Add(new(++_next));
        return connections[^1];
    }

    private sealed class Connection(long number)
    {
        public long Number => number;

        public int Exchanges { get; set; }

        public long BusyUntil { get; set; }
    }
}
