namespace Pressure.TrafficCopy;

/// <summary>Exchanges that will be written as one block. Used again when it has been written.</summary>
internal sealed class PendingBlock
{
    // A block that had to grow for a long exchange does not stay that large.
    private const int LargestKept = 4 * StoreFormat.BlockSize;

    private byte[] _bytes = new byte[StoreFormat.BlockSize];
    private Entry[] _entries = new Entry[256];
    private int _length;
    private long _base;

    /// <summary>Exchanges in it.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of its exchanges.</summary>
    public int Length => _length;

    /// <summary>The earliest key.</summary>
    public long FirstKey { get; private set; }

    /// <summary>Whether an exchange of this many bytes goes in beside what is there.</summary>
    public bool HasRoomFor(long bytes) => Count == 0 || _length + bytes <= StoreFormat.BlockSize;

    /// <summary>Takes an exchange.</summary>
    public void Add(CapturedExchange exchange, long bound, StoredConnection connection, bool isFirst)
    {
        if (_length + bound > _bytes.Length)
            Array.Resize(ref _bytes, (int)(_length + bound));
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        var key = connection.Key;
        if (Count == 0)
            (_base, FirstKey) = (exchange.At, key);
        FirstKey = Math.Min(FirstKey, key);
        var length = ExchangeEncoding.Write(exchange, _base, key, isFirst, _bytes.AsSpan(_length));
        _entries[Count] = new(key, Count, _length, length, connection);
        connection.IsIn(this, Count);
        _length += length;
        Count++;
    }

    /// <summary>An exchange, by its number among those taken, is its connection's last.</summary>
    public void MarkLast(int number) => _entries[number].IsLast = true;

    /// <summary>
    /// Nothing is added any more: sorts, and tells each connection where its latest exchange is. Gives a bit for each exchange, in the order of keys, which
    /// says whether it is its connection's last.
    /// </summary>
    public byte[] Close(int blockNumber)
    {
        var lastBits = new byte[(Count + 7) / 8];
        _entries.AsSpan(0, Count).Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Number.CompareTo(b.Number));
        for (var i = 0; i < Count; i++)
        {
            ref var entry = ref _entries[i];
            if (entry.IsLast)
                lastBits[i >> 3] |= (byte)(1 << (i & 7));
            entry.Connection.WentTo(this, entry.Number, blockNumber, i);
        }

        return lastBits;
    }

    /// <summary>Writes the sorted exchanges, one behind the other.</summary>
    public BlockRecord Gather(Span<byte> to)
    {
        var length = 0;
        foreach (ref readonly var entry in _entries.AsSpan(0, Count))
        {
            _bytes.AsSpan(entry.At, entry.Length).CopyTo(to[length..]);
            length += entry.Length;
        }

        return new(BlockPacking.None, Count, length, _base, _entries[0].Key, _entries[Count - 1].Key);
    }

    public void Clear()
    {
        _entries.AsSpan(0, Count).Clear();
        (Count, _length) = (0, 0);
        if (_bytes.Length > LargestKept)
            _bytes = new byte[StoreFormat.BlockSize];
    }

    private record struct Entry(long Key, int Number, int At, int Length, StoredConnection Connection)
    {
        public bool IsLast { get; set; }
    }
}

/// <summary>What the writer knows of a connection that goes on: its latest exchange's key and place, either in a block that is not closed yet or in one that is.</summary>
internal sealed class StoredConnection
{
    private PendingBlock? _in;
    private int _number;

    /// <summary>Key of its latest exchange.</summary>
    public long Key { get; set; }

    /// <summary>The closed block with its latest exchange.</summary>
    public int Block { get; private set; }

    /// <summary>Its place there.</summary>
    public int Place { get; private set; }

    /// <summary>Whether its latest exchange counts as its last for as long as no other comes: nobody knows whether it goes on.</summary>
    public bool IsMarked { get; set; }

    public void IsIn(PendingBlock block, int number) => (_in, _number) = (block, number);

    /// <summary>Its latest exchange is in a block that was there before.</summary>
    public void WasIn(long key, int block, int place) => (Key, Block, Place) = (key, block, place);

    public void WentTo(PendingBlock block, int number, int blockNumber, int place)
    {
        if (_in == block && _number == number)
            (_in, Block, Place) = (null, blockNumber, place);
    }

    /// <summary>It is over: marks its latest exchange, if that is in a block that is not closed yet.</summary>
    public bool MarkLastInPending()
    {
        _in?.MarkLast(_number);
        return _in is not null;
    }
}
