namespace Pressure.TrafficCopy;

/// <summary>
/// Writes pcapng for Wireshark and its like: packets are made up to carry the exchanges, with handshakes, segments, right numbers and checksums. Times are the
/// captured ones. What was cut from bodies is a hole, as if its packets had been lost. HTTP/2 is written as HTTP/1.1, and TLS as what was inside.
/// </summary>
public sealed class PcapngExport
{
    // Responses wait until the requests that came before them are written; beyond this they go first.
    private const long MostWaiting = 64 << 20;

    private readonly PacketOrder _packets;
    private readonly DialogueTable _dialogues;
    private readonly HttpWire _wire = new();
    private readonly PriorityQueue<Waiting, (long At, long Number)> _waiting = new();
    private long _waitingBytes;
    private long _number;
    private long _lastAt;

    private PcapngExport(PcapngWriter to) => _dialogues = new DialogueTable(_packets = new PacketOrder(to));

    /// <summary>Writes exchanges, which come by time.</summary>
    /// <param name="exchanges">The exchanges.</param>
    /// <param name="to">Where to.</param>
    /// <param name="name">The file, for the outcome.</param>
    /// <param name="stop">Ends it early; the file is whole then too.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public static TransferOutcome Write(IEnumerable<CapturedExchange> exchanges, Stream to, string name, CancellationToken stop = default)
    {
        var tally = new TransferTally(name);
        var writer = new PcapngWriter(to);
        writer.Begin();
        var export = new PcapngExport(writer);
        foreach (var exchange in exchanges)
        {
            if (stop.IsCancellationRequested)
            {
                tally.Stopped = true;
                break;
            }

            export.Take(exchange);
            tally.Exchanges++;
        }

        export.Finish();
        to.Flush();
        return tally.Done();
    }

    private void Take(CapturedExchange exchange)
    {
        SendUntil(exchange.At);
        _packets.WriteUntil(exchange.At < long.MinValue + TcpDialogue.HandshakeTime ? exchange.At : exchange.At - TcpDialogue.HandshakeTime);
        var dialogue = _dialogues.For(exchange);
        _wire.Request(exchange);
        dialogue.Send(Side.Client, WireBytes.Of(_wire), exchange.At, exchange.RequestEnd);
        _lastAt = Math.Max(_lastAt, exchange.RequestEnd);
        if (exchange.HasResponse)
            Await(exchange, dialogue);
        if ((exchange.Marks & ExchangeMarks.Last) != 0)
            _dialogues.End(exchange.Connection, exchange.RequestEnd);
        else
            _dialogues.CloseIfDone(dialogue, exchange.RequestEnd);
    }

    private void Await(CapturedExchange exchange, TcpDialogue dialogue)
    {
        _wire.Response(exchange);
        dialogue.IsSpent |= _wire.EndsWithConnection;
        dialogue.Awaited++;
        // Responses of a connection stay in order, whatever clocks did.
        var at = Math.Max(exchange.ResponseAt, dialogue.BusyUntil);
        dialogue.BusyUntil = Math.Max(at, exchange.ResponseEnd);
        var waiting = new Waiting(dialogue, WireBytes.Of(_wire).Keep(), at, dialogue.BusyUntil);
        _waiting.Enqueue(waiting, (at, _number++));
        _waitingBytes += waiting.Length;
        while (_waitingBytes > MostWaiting)
            Send(_waiting.Dequeue());
    }

    private void SendUntil(long at)
    {
        while (_waiting.TryPeek(out _, out var first) && first.At <= at)
            Send(_waiting.Dequeue());
    }

    private void Send(in Waiting waiting)
    {
        _waitingBytes -= waiting.Length;
        waiting.Dialogue.Awaited--;
        waiting.Dialogue.Send(Side.Server, waiting.Bytes, waiting.At, waiting.End);
        _lastAt = Math.Max(_lastAt, waiting.End);
        _dialogues.CloseIfDone(waiting.Dialogue, waiting.End);
    }

    private void Finish()
    {
        SendUntil(long.MaxValue);
        _dialogues.EndAll(_lastAt);
        _packets.WriteAll();
    }

    private readonly record struct Waiting(TcpDialogue Dialogue, WireBytes Bytes, long At, long End)
    {
        public int Length => Bytes.Front.Length + Bytes.Body.Length + 256;
    }
}
