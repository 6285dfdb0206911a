using System.Net;

namespace Pressure.TrafficCopy;

/// <summary>
/// The made-up connections of a pcapng export. One for each captured connection; more where requests overlapped as they may in HTTP/2 only. No two open ones
/// have the same addresses and ports.
/// </summary>
internal sealed class DialogueTable(PacketOrder to)
{
    private const int MostOpen = 50_000;
    private const int FirstPort = 32_768;

    private readonly TcpPackets _packets = new();
    private readonly Dictionary<long, List<TcpDialogue>> _open = [];
    private readonly Dictionary<(IPEndPoint, IPEndPoint), TcpDialogue> _taken = [];
    private readonly Queue<long> _inOrder = new();
    private int _nextPort = FirstPort;

    /// <summary>The one that carries an exchange.</summary>
    public TcpDialogue For(CapturedExchange exchange)
    {
        if (!_open.TryGetValue(exchange.Connection, out var dialogues))
        {
            CloseSome(exchange.At);
            _open.Add(exchange.Connection, dialogues = []);
            _inOrder.Enqueue(exchange.Connection);
        }

        Forget(dialogues);
        var isFree = exchange.Protocol == TrafficProtocol.Http2 ? (Predicate<TcpDialogue>)(d => !d.IsSpent && d.BusyUntil <= exchange.At) : d => !d.IsSpent;
        if (dialogues.Find(isFree) is { } free)
            return free;
        var (client, server) = Ends(exchange);
        var opened = new TcpDialogue(client, server, to, _packets);
        _taken.Add((client, server), opened);
        dialogues.Add(opened);
        opened.Open(exchange.At);
        return opened;
    }

    /// <summary>A connection had its last exchange: ends what has no response to come; the rest ends later.</summary>
    public void End(long connection, long at)
    {
        if (!_open.Remove(connection, out var dialogues))
            return;
        foreach (var dialogue in dialogues)
        {
            dialogue.IsSpent = true;
            CloseIfDone(dialogue, Math.Max(at, dialogue.BusyUntil));
        }
    }

    /// <summary>Ends one that is spent and has no response to come.</summary>
    public void CloseIfDone(TcpDialogue dialogue, long at)
    {
        if (!dialogue.IsSpent || dialogue.Awaited > 0)
            return;
        dialogue.Close(at);
        _taken.Remove((dialogue.Client, dialogue.Server));
    }

    /// <summary>Ends all.</summary>
    public void EndAll(long at)
    {
        foreach (var connection in _open.Keys.ToList())
            End(connection, at);
    }

    private static void Forget(List<TcpDialogue> dialogues) => dialogues.RemoveAll(d => d.IsOver);

    private void CloseSome(long at)
    {
        while (_inOrder.Count >= MostOpen)
            End(_inOrder.Dequeue(), at);
    }

    private (IPEndPoint Client, IPEndPoint Server) Ends(CapturedExchange exchange)
    {
        var server = Known(exchange.Server) ? exchange.Server : new(new IPAddress([192, 0, 2, 1]), exchange.Server.Port == 0 ? 80 : exchange.Server.Port);
        var number = (uint)exchange.Connection;
        var client = Known(exchange.Client) ? exchange.Client : new(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]), exchange.Client.Port);
        if (client.AddressFamily != server.AddressFamily)
            (client, server) = (new(client.Address.MapToIPv6(), client.Port), new(server.Address.MapToIPv6(), server.Port));
        if (client.Port == 0)
            client = new(client.Address, NextPort());
        for (var tries = 0; _taken.ContainsKey((client, server)) && tries < 65_536; tries++)
            client = new(client.Address, NextPort());
        return (client, server);
    }

    private int NextPort() => _nextPort = _nextPort == 65_535 ? FirstPort : _nextPort + 1;

    private static bool Known(IPEndPoint end) => !end.Address.Equals(IPAddress.Any) && !end.Address.Equals(IPAddress.IPv6Any) && !end.Address.Equals(IPAddress.None);
}
