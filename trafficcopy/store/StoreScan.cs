using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Pressure.TrafficCopy;

/// <summary>
/// Looks through a store without an index, block by block. A damaged block amid sound ones is passed over; what comes behind the last sound record is left
/// out. Which exchanges are their connections' last stood in the index alone, and so is not known.
/// </summary>
internal sealed class StoreScan
{
    private readonly List<IndexEntry> _entries = [];
    private readonly EndpointTally _endpoints = new();
    private readonly AddressCache _addresses = new(slots: 64);
    private readonly CapturedExchange _exchange = new();
    private readonly ConnectionBook? _book;
    private long _exchanges;
    private long _connections;
    private long _firstAt = long.MaxValue;
    private long _lastAt = long.MinValue;
    private long _damaged;

    private StoreScan(ConnectionBook? book) => _book = book;

    /// <summary>What a writer has to know to go on with a file of which everything up to its end is sound.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static StoreContinuation Continue(SafeFileHandle file, CaptureHeader header, long blocks, long length)
    {
        var book = new ConnectionBook();
        var scan = new StoreScan(book);
        if (scan.Read(file, blocks, length) != length || scan._damaged > 0)
            throw new InvalidDataException("what is in it is not whole");
        // Nobody knows which connections were over: each counts as such until it goes on.
        foreach (var connection in book.Open)
        {
            connection.IsMarked = true;
            scan._entries[connection.Block].LastBits[connection.Place >> 3] |= (byte)(1 << (connection.Place & 7));
        }

        return new(header, length, scan._entries, book, scan._endpoints, scan._exchanges, scan._exchanges > 0 ? scan._firstAt : 0, scan._exchanges > 0 ? scan._lastAt : 0);
    }

    public static (IReadOnlyList<IndexEntry> Index, CaptureInfo Info) Read(SafeFileHandle file, string path, CaptureHeader header, long blocks, long length)
    {
        var scan = new StoreScan(null);
        var sound = scan.Read(file, blocks, length);
        return (scan._entries, scan.Info(path, header, length - sound));
    }

    /// <summary>Reads records up to the last sound one, and gives its end.</summary>
    private long Read(SafeFileHandle file, long at, long end)
    {
        var (sound, unsound) = (at, 0);
        while (StoreRecords.HeaderAt(file, at, end) is var (length, _))
        {
            var next = at + StoreFormat.RecordLength(length);
            if (TryTake(file, at, length, out var kind))
            {
                _damaged += unsound;
                (sound, unsound) = (next, 0);
                // Whatever stands behind the blocks of a file that was ended is no loss.
                if (kind != RecordKind.Block)
                    return end;
            }
            else if (++unsound > 1)
            {
                // Two in a row: lengths can't be believed any more.
                break;
            }

            at = next;
        }

        return sound;
    }

    private bool TryTake(SafeFileHandle file, long at, int length, out RecordKind kind)
    {
        kind = default;
        byte[]? payload = null;
        try
        {
            payload = StoreRecords.Rent(file, at, length);
            kind = (RecordKind)payload[0];
            if (kind == RecordKind.Block)
                TakeBlock(at, payload.AsSpan(0, length));
            return kind is RecordKind.Block or RecordKind.Index or RecordKind.Summary;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            if (payload is not null)
                ArrayPool<byte>.Shared.Return(payload);
        }
    }

    private void TakeBlock(long at, ReadOnlySpan<byte> payload)
    {
        var block = BlockRecord.ReadHeader(payload);
        var exchanges = ArrayPool<byte>.Shared.Rent(block.Length);
        try
        {
            block.Unpack(payload, exchanges);
            var place = 0;
            var memory = exchanges.AsMemory(0, block.Length);
            // First all of them: a block counts whole or not at all.
            for (var i = 0; i < block.Exchanges; i++)
                place = ExchangeEncoding.Read(memory, place, block.Base, _exchange, _addresses, out _);
            place = 0;
            for (var i = 0; i < block.Exchanges; i++)
            {
                var key = ExchangeEncoding.KeyAt(memory.Span, place, block.Base);
                place = ExchangeEncoding.Read(memory, place, block.Base, _exchange, _addresses, out var isFirst);
                Count(isFirst);
                _book?.Was(_exchange.Connection, isFirst, key, _entries.Count, i);
            }

            // Bits that are not known take no room, unless they are to be found out.
            _entries.Add(new(at, payload.Length, block.Exchanges, block.FirstKey, block.LastKey, _book is null ? [] : new byte[(block.Exchanges + 7) / 8]));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(exchanges);
        }
    }

    private void Count(bool isFirst)
    {
        _exchanges++;
        _connections += isFirst ? 1 : 0;
        (_firstAt, _lastAt) = (Math.Min(_firstAt, _exchange.At), Math.Max(_lastAt, _exchange.At));
        _endpoints.Add(_exchange);
    }

    private CaptureInfo Info(string path, CaptureHeader header, long cut) => new()
    {
        Name = path,
        Exchanges = _exchanges,
        Connections = _connections,
        FirstAt = _exchanges > 0 ? _firstAt : 0,
        LastAt = _exchanges > 0 ? _lastAt : 0,
        Endpoints = _endpoints.Top,
        Masked = header.Masked,
        Begun = header.Begun,
        IsComplete = false,
        Damage = Words(cut),
    };

    private string Words(long cut)
    {
        var behind = cut > 0 ? $"; its last {cut:N0} bytes are not whole and were left out" : "";
        var amid = _damaged > 0 ? $"; {_damaged:N0} {(_damaged == 1 ? "block is" : "blocks are")} damaged and were passed over" : "";
        return $"its end is missing: it was cut off, or is still being written{amid}{behind}";
    }
}
