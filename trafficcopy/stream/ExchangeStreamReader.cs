using Pressure.Record;

namespace Pressure.TrafficCopy;

/// <summary>
/// Reads what an <see cref="ExchangeStreamWriter"/> elsewhere made, in pieces as they come, and hands its exchanges on. Nothing in it is trusted: what makes no sense ends it,
/// and no more than the longest record is kept.
/// </summary>
/// <param name="to">Takes them.</param>
/// <param name="from">Where in the stream it begins.</param>
public sealed class ExchangeStreamReader(IExchangeSink to, long from = 0)
{
    // Nobody has as many; a number from elsewhere must not become another source's when it is told apart by its upper bits.
    private const long MostConnections = 1L << 40;
    private const ExchangeMarks Known = (ExchangeMarks)1023;

    private readonly CapturedExchange _exchange = new();
    private readonly AddressCache _addresses = new(slots: 1 << 12);
    private byte[] _held = new byte[16 << 10];
    private int _length;

    /// <summary>Bytes that it has taken: where to go on.</summary>
    public long Taken { get; private set; } = from;

    /// <summary>The place up to which all has been handed on: behind it there may be the beginning of a record.</summary>
    public long HandedOn => Taken - _length;

    /// <summary>Exchanges handed on.</summary>
    public long Exchanges { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="InvalidDataException">They are no such stream. Nothing more can be taken then.</exception>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        Taken += bytes.Length;
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Hold(bytes, LogFormat.HeaderLength)..];
            if (_length < LogFormat.HeaderLength)
                return;
            var (length, crc) = LogFormat.ReadHeader(_held);
            if (length is <= 0 or > StreamFormat.MaxPayload)
                throw new InvalidDataException($"a record of {length} bytes can't be");
            bytes = bytes[Hold(bytes, LogFormat.HeaderLength + length)..];
            if (_length < LogFormat.HeaderLength + length)
                return;
            var payload = _held.AsMemory(LogFormat.HeaderLength, length);
            if (Crc32C.Of(payload.Span) != crc)
                throw new InvalidDataException("a record is damaged");
            _length = 0;
            TakeRecord(payload);
        }
    }

    /// <summary>Keeps bytes up to a length of what is held; says how many it took.</summary>
    private int Hold(ReadOnlySpan<byte> bytes, int upTo)
    {
        var count = Math.Min(bytes.Length, Math.Max(0, upTo - _length));
        // As they come, not as they were promised.
        if (_length + count > _held.Length)
            Array.Resize(ref _held, Math.Min(Math.Max(_length + count, _held.Length * 2), LogFormat.HeaderLength + StreamFormat.MaxPayload));
        bytes[..count].CopyTo(_held.AsSpan(_length));
        _length += count;
        return count;
    }

    private void TakeRecord(ReadOnlyMemory<byte> payload)
    {
        if (payload.Span[0] == StreamFormat.Ends)
            TakeEnds(payload.Span[1..]);
        else
            TakeBlock(payload);
    }

    private void TakeBlock(ReadOnlyMemory<byte> payload)
    {
        var header = BlockRecord.ReadHeader(payload.Span);
        if (header.Length > StreamFormat.MaxPayload)
            throw new InvalidDataException("a block is too long");
        var block = new byte[header.Length];
        header.Unpack(payload.Span, block);
        var at = 0;
        for (var number = 0; number < header.Exchanges; number++)
        {
            at = ExchangeEncoding.Read(block, at, header.Base, _exchange, _addresses, out _);
            if (_exchange.Connection is <= 0 or >= MostConnections || _exchange.At <= 0 || _exchange.Order < 0)
                throw new InvalidDataException("an exchange has no connection, or no time");
            _exchange.Marks &= Known;
            Exchanges++;
            to.Take(_exchange);
        }

        if (at != block.Length)
            throw new InvalidDataException("a block is longer than its exchanges");
    }

    private void TakeEnds(ReadOnlySpan<byte> bytes)
    {
        var reader = new EntryReader(bytes);
        for (var left = reader.Count(2); left > 0; left--)
        {
            var connection = reader.Signed();
            var at = reader.Signed();
            if (connection is <= 0 or >= MostConnections)
                throw new InvalidDataException("an end of no connection");
            to.EndConnection(connection, at);
        }
    }
}
