using System.IO.Compression;
using System.Net;

namespace Pressure.TrafficCopy;

/// <summary>
/// Reads GoReplay's format (<c>.gor</c>, packed with gzip or not). It knows no connections, so every request is one of its own, unless Pressure wrote
/// the file. Messages are read like those of packets.
/// </summary>
public sealed class GorImport
{
    private const int MostWaiting = 100_000;
    private const long MostWaitingBytes = 64 << 20;

    private readonly IExchangeSink _to;
    private readonly TransferTally _tally;
    private readonly ConversationOpener _opener;
    private readonly Identified _identified;
    private readonly Dictionary<string, Waiting> _waiting = [];
    private readonly Queue<string> _waitingInOrder = new();
    private readonly HashSet<long> _connections = [];
    private long _waitingBytes;
    private long _next;

    private GorImport(IExchangeSink to, TransferTally tally)
    {
        (_to, _tally) = (to, tally);
        _identified = new Identified(to);
        _opener = new ConversationOpener(
            _identified, new CaptureAccounts(), new ConversationOptions { BodyLimit = 16 << 20, HeadLimit = 1 << 20, HeldPerConnection = 64 << 20, HeldInAll = 128 << 20 });
    }

    /// <summary>Reads a file and hands on what it holds. Bad content is told, never thrown.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">What problems call it.</param>
    /// <param name="to">Takes the exchanges.</param>
    /// <param name="stop">Ends it early.</param>
    public static TransferOutcome Read(Stream stream, string name, IExchangeSink to, CancellationToken stop = default)
    {
        var tally = new TransferTally(name);
        var import = new GorImport(to, tally);
        var records = new GorRecords(stream, tally);
        while (!stop.IsCancellationRequested && records.Next() is { } record)
            import.Take(record);
        tally.Stopped = stop.IsCancellationRequested;
        import.Finish();
        return tally.Done();
    }

    /// <summary>Unpacks a stream that begins like gzip.</summary>
    internal static Stream Unpacked(Stream file)
    {
        Span<byte> start = stackalloc byte[2];
        var read = file.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && start is [0x1F, 0x8B] ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private void Take(in GorRecord record)
    {
        switch (record.Kind)
        {
            case '1':
                Wait(record);
                break;
            case '2' when _waiting.Remove(record.Id, out var request):
                _waitingBytes -= request.Message.Length;
                Emit(record.Id, request, record);
                break;
            case '2':
                _tally.LeaveOut("response-without-request");
                break;
            default:
                // What came back when GoReplay sent it again: no traffic.
                _tally.LeaveOut("replayed-response");
                break;
        }
    }

    private void Wait(in GorRecord record)
    {
        // The same ID twice: the first one will get no response.
        if (_waiting.Remove(record.Id, out var before))
        {
            _waitingBytes -= before.Message.Length;
            Emit(record.Id, before, null);
        }

        _waiting.Add(record.Id, new(record.At, record.Duration, record.Message.ToArray(), record.Offset));
        _waitingInOrder.Enqueue(record.Id);
        _waitingBytes += record.Message.Length;
        while (_waitingInOrder.Count > MostWaiting || _waitingBytes > MostWaitingBytes)
            GiveUpOldest();
        // IDs whose response came are still in line; they must not pile up behind one that waits.
        while (_waitingInOrder.TryPeek(out var first) && !_waiting.ContainsKey(first))
            _waitingInOrder.Dequeue();
    }

    private void GiveUpOldest()
    {
        var id = _waitingInOrder.Dequeue();
        if (!_waiting.Remove(id, out var oldest))
            return;
        _waitingBytes -= oldest.Message.Length;
        Emit(id, oldest, null);
    }

    private void Finish()
    {
        while (_waitingInOrder.Count > 0)
            GiveUpOldest();
        EndConnections();
    }

    private void Emit(string id, Waiting request, GorRecord? response)
    {
        var known = TryReadId(id, out var connection, out var order);
        if (!known)
            (connection, order) = (++_next, 0);
        else
            Remember(connection);
        _identified.Begin(connection, order);
        var conversation = _opener.Open(new(connection, request.At, new(IPAddress.Any, 0), new(IPAddress.Any, 80), SawSyn: true));
        Feed(conversation, Side.Client, request.Message, request.At, request.At + request.Duration);
        conversation.Finish(Side.Client, request.At + request.Duration);
        if (response is { } answer)
        {
            // Some versions write when the response began, some the request's time and how long it took in all.
            var (at, end) = answer.At > request.At ? (answer.At, answer.At + answer.Duration) : (request.At + answer.Duration, request.At + answer.Duration);
            Feed(conversation, Side.Server, answer.Message.Span, at, end);
            conversation.Finish(Side.Server, end);
        }

        conversation.End(ConversationEnd.Closed, request.At);
        _tally.Exchanges += _identified.Taken;
        if (_identified.Taken == 0)
        {
            _tally.LeaveOut("not-http");
            _tally.Note(request.Offset, "a message is no HTTP/1.x request.", "It was left out.");
        }

        if (!known)
            _to.EndConnection(connection, request.At);
    }

    /// <summary>Nothing in the file tells when a connection is over, so all end with it, or when there are very many.</summary>
    private void Remember(long connection)
    {
        if (_connections.Count == MostWaiting && !_connections.Contains(connection))
            EndConnections();
        _connections.Add(connection);
    }

    private void EndConnections()
    {
        foreach (var connection in _connections)
            _to.EndConnection(connection, 0);
        _connections.Clear();
    }

    /// <summary>The first byte at one time, the rest at another, so that both are kept.</summary>
    private static void Feed(IConversation conversation, Side from, ReadOnlySpan<byte> message, long at, long end)
    {
        if (message.IsEmpty)
            return;
        conversation.Take(from, message[..1], at);
        conversation.Take(from, message[1..], end);
    }

    private static bool TryReadId(string id, out long connection, out int order)
    {
        (connection, order) = (0, 0);
        var dash = id.LastIndexOf('-');
        return id.StartsWith('p') && dash > 1 && long.TryParse(id.AsSpan(1, dash - 1), out connection) && int.TryParse(id.AsSpan(dash + 1), out order);
    }

    private readonly record struct Waiting(long At, long Duration, byte[] Message, long Offset);

    /// <summary>Gives exchanges the place that the file says, instead of that in the conversation which was made for them.</summary>
    private sealed class Identified(IExchangeSink to) : IExchangeSink
    {
        private readonly CapturedExchange _exchange = new();
        private long _connection;
        private int _order;

        public int Taken { get; private set; }

        public void Begin(long connection, int order) => (_connection, _order, Taken) = (connection, order, 0);

        public void Take(CapturedExchange exchange)
        {
            _exchange.CopyFrom(exchange);
            (_exchange.Connection, _exchange.Order) = (_connection, _order + Taken++);
            _exchange.Marks &= ~ExchangeMarks.Last;
            to.Take(_exchange);
        }

        public void EndConnection(long connection, long at)
        {
        }
    }
}
