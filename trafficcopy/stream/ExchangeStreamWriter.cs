using System.Buffers;
using Pressure.Record;

namespace Pressure.TrafficCopy;

/// <summary>
/// Makes a stream of exchanges that another machine fetches piece by piece. What waits to be fetched is bounded: when there is no room the newest exchanges are
/// dropped and counted. Thread-safe: one puts in, another fetches.
/// </summary>
/// <param name="maxBytes">How much may wait.</param>
/// <param name="pack">Whether blocks are compressed.</param>
public sealed class ExchangeStreamWriter(long maxBytes, bool pack = false) : IExchangeSink
{
    // Ends of connections are few bytes, and whoever misses one waits for the connection for ever.
    private const int RoomForEnds = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _records = new();
    private readonly List<(long Connection, long At)> _ended = [];
    private byte[] _block = new byte[StreamFormat.BlockSize];
    private int _length;
    private int _count;
    private long _base;
    private long _firstKey;
    private long _lastKey;
    private long _first;
    private long _end;
    private long _exchanges;
    private long _dropped;
    private bool _isComplete;

    /// <summary>Exchanges taken.</summary>
    public long Exchanges => Interlocked.Read(ref _exchanges);

    /// <summary>Exchanges that were dropped, since nobody fetched those before in time.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Bytes that wait.</summary>
    public long Waiting
    {
        get
        {
            lock (_gate)
                return _end - _first + _length;
        }
    }

    /// <summary>Bytes of the stream so far.</summary>
    public long End
    {
        get
        {
            lock (_gate)
                return _end;
        }
    }

    /// <inheritdoc/>
    public void Take(CapturedExchange exchange)
    {
        lock (_gate)
        {
            exchange = Shortened(exchange);
            var bound = (int)ExchangeEncoding.Bound(exchange);
            if (_isComplete || _end - _first + _length + bound > maxBytes)
            {
                _dropped++;
                return;
            }

            if (_length + bound > StreamFormat.BlockSize)
                CloseBlock();
            if (bound > _block.Length)
                _block = new byte[bound];
            if (_count == 0)
                (_base, _firstKey, _lastKey) = (exchange.At, exchange.At, exchange.At);
            (_firstKey, _lastKey) = (Math.Min(_firstKey, exchange.At), Math.Max(_lastKey, exchange.At));
            _length += ExchangeEncoding.Write(exchange, _base, exchange.At, isFirst: false, _block.AsSpan(_length));
            _count++;
            _exchanges++;
        }
    }

    /// <inheritdoc/>
    public void EndConnection(long connection, long at)
    {
        lock (_gate)
        {
            if (!_isComplete && _ended.Count * 2 * Varint.Longest < RoomForEnds)
                _ended.Add((connection, at));
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete()
    {
        lock (_gate)
            _isComplete = true;
    }

    /// <summary>Whether all that was ever taken lies before a place of the stream, and nothing more will come.</summary>
    public bool IsOver(long place)
    {
        lock (_gate)
            return _isComplete && _length == 0 && _ended.Count == 0 && place >= _end;
    }

    /// <summary>Whether something waits from a place of the stream on.</summary>
    public bool HasFrom(long place)
    {
        lock (_gate)
            return _end > place || _length > 0 || _ended.Count > 0;
    }

    /// <summary>Fetches what waits from a place of the stream on; what lies before it has arrived and is forgotten.</summary>
    /// <param name="from">The place.</param>
    /// <param name="most">Bytes that are wanted at most.</param>
    /// <returns>The bytes; null when the stream does not have that place (any more).</returns>
    public byte[]? Fetch(long from, int most)
    {
        lock (_gate)
        {
            if (from < _first || from > _end)
                return null;
            Forget(from);
            if (_end - from < most)
            {
                CloseBlock();
                WriteEnds();
            }

            var bytes = new byte[(int)Math.Min(most, _end - from)];
            var written = 0;
            var skip = (int)(from - _first);
            foreach (var record in _records)
            {
                if (written == bytes.Length)
                    break;
                var part = record.AsSpan(skip, Math.Min(record.Length - skip, bytes.Length - written));
                part.CopyTo(bytes.AsSpan(written));
                (written, skip) = (written + part.Length, 0);
            }

            return bytes;
        }
    }

    /// <summary>Forgets records that lie before a place as a whole.</summary>
    private void Forget(long place)
    {
        while (_records.TryPeek(out var oldest) && _first + oldest.Length <= place)
            _first += _records.Dequeue().Length;
    }

    private void CloseBlock()
    {
        if (_count == 0)
            return;
        var payload = ArrayPool<byte>.Shared.Rent(BlockRecord.Bound(_length));
        var length = BlockRecord.Write(new(BlockPacking.None, _count, _length, _base, _firstKey, _lastKey), _block.AsSpan(0, _length), pack, payload);
        Append(payload.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(payload);
        (_count, _length) = (0, 0);
        if (_block.Length > StreamFormat.BlockSize)
            _block = new byte[StreamFormat.BlockSize];
    }

    // Behind the block with their last exchanges.
    private void WriteEnds()
    {
        if (_ended.Count == 0)
            return;
        var payload = new byte[1 + Varint.Longest * (1 + 2 * _ended.Count)];
        var writer = new EntryWriter(payload);
        writer.Byte(StreamFormat.Ends);
        writer.Number((uint)_ended.Count);
        foreach (var (connection, at) in _ended)
        {
            writer.Signed(connection);
            writer.Signed(at);
        }

        Append(payload.AsSpan(0, writer.Length));
        _ended.Clear();
    }

    private void Append(ReadOnlySpan<byte> payload)
    {
        var record = new byte[LogFormat.HeaderLength + payload.Length];
        LogFormat.WriteHeader(record, payload);
        payload.CopyTo(record.AsSpan(LogFormat.HeaderLength));
        _records.Enqueue(record);
        _end += record.Length;
    }

    private static CapturedExchange Shortened(CapturedExchange exchange)
    {
        if (ExchangeEncoding.Bound(exchange) <= StreamFormat.MaxPayload - BlockRecord.HeaderLength)
            return exchange;
        var shortened = new CapturedExchange();
        shortened.CopyFrom(exchange);
        (shortened.Request, var request) = Shortened(exchange.Request, ExchangeMarks.RequestIncomplete, ExchangeMarks.RequestCut);
        (shortened.Response, var response) = Shortened(exchange.Response, ExchangeMarks.ResponseIncomplete, ExchangeMarks.ResponseCut);
        shortened.Marks |= request | response;
        return shortened;
    }

    private static (CapturedMessage, ExchangeMarks) Shortened(CapturedMessage message, ExchangeMarks headMark, ExchangeMarks bodyMark)
    {
        var (head, body) = (message.Head.Length > StreamFormat.MaxHead ? default : message.Head, message.Body.Length > StreamFormat.MaxBody ? message.Body[..StreamFormat.MaxBody] : message.Body);
        return (new(head, body, message.BodyLength), (head.Length < message.Head.Length ? headMark : 0) | (body.Length < message.Body.Length ? bodyMark : 0));
    }
}
