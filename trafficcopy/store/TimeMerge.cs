using Microsoft.Win32.SafeHandles;

namespace Pressure.TrafficCopy;

/// <summary>
/// Goes through all blocks at once, by key. A block is looked at from the moment its first exchange is due; how many overlap at any moment is a matter of how
/// long answers took, since the writer sorts each block. Should very many overlap, the ones used least recently are read again.
/// </summary>
internal sealed class TimeMerge : IDisposable
{
    private readonly IReadOnlyList<IndexEntry> _index;
    private readonly int[] _byFirst;
    private readonly PriorityQueue<Cursor, (long Key, int Block)> _open = new();
    private readonly BlockCache _blocks;
    private readonly AddressCache _addresses = new();
    private readonly Action<long> _lost;
    private Cursor? _at;
    private int _next;

    /// <summary>Begins.</summary>
    /// <param name="file">The file.</param>
    /// <param name="index">Its blocks.</param>
    /// <param name="read">Is told of bytes that were read.</param>
    /// <param name="lost">Is told of exchanges that can't be read.</param>
    /// <param name="most">Bytes of blocks that are kept.</param>
    public TimeMerge(SafeFileHandle file, IReadOnlyList<IndexEntry> index, Action<long> read, Action<long> lost, long most = BlockCache.Most)
    {
        (_index, _lost) = (index, lost);
        _blocks = new BlockCache(file, index, read, most);
        _byFirst = [.. Enumerable.Range(0, index.Count)];
        Array.Sort(_byFirst, (a, b) => index[a].FirstKey != index[b].FirstKey ? index[a].FirstKey.CompareTo(index[b].FirstKey) : a.CompareTo(b));
    }

    /// <summary>The exchange that it is at: one object for all.</summary>
    public CapturedExchange Current { get; } = new();

    /// <summary>Goes to the next exchange; false when there is none.</summary>
    public bool Next()
    {
        while (Earliest() is { } cursor)
        {
            try
            {
                Read(cursor);
                return true;
            }
            catch (InvalidDataException)
            {
                GiveUp(cursor);
            }
        }

        return false;
    }

    public void Dispose() => _blocks.Dispose();

    /// <summary>The block with the earliest exchange: mostly the one that it was before.</summary>
    private Cursor? Earliest()
    {
        if (_at is { } last && (last.Left == 0 || !IsFirst(last)))
        {
            if (last.Left == 0)
                _blocks.Drop(last.Block);
            else
                _open.Enqueue(last, (last.Key, last.Block));
            _at = null;
        }

        if (_at is not null)
            return _at;
        while (_next < _byFirst.Length && (!_open.TryPeek(out _, out var first) || _index[_byFirst[_next]].FirstKey <= first.Key))
        {
            var block = _byFirst[_next++];
            _open.Enqueue(new Cursor(block, _index[block]), (_index[block].FirstKey, block));
        }

        return _at = _open.TryDequeue(out var earliest, out _) ? earliest : null;
    }

    private bool IsFirst(Cursor cursor) =>
        (!_open.TryPeek(out _, out var other) || (cursor.Key, cursor.Block).CompareTo(other) <= 0) &&
        (_next == _byFirst.Length || cursor.Key < _index[_byFirst[_next]].FirstKey);

    private void Read(Cursor cursor)
    {
        var block = _blocks.Get(cursor.Block);
        var place = cursor.Entry.Exchanges - cursor.Left;
        cursor.At = ExchangeEncoding.Read(block.Exchanges, cursor.At, block.Base, Current, _addresses, out _);
        if (cursor.Entry.IsLast(place))
            Current.Marks |= ExchangeMarks.Last;
        cursor.Left--;
        if (cursor.Left > 0)
            cursor.Key = ExchangeEncoding.KeyAt(block.Exchanges.Span, cursor.At, block.Base);
    }

    private void GiveUp(Cursor cursor)
    {
        _lost(cursor.Left);
        cursor.Left = 0;
    }

    private sealed class Cursor(int block, IndexEntry entry)
    {
        public int Block => block;

        public IndexEntry Entry => entry;

        /// <summary>Key of its next exchange.</summary>
        public long Key { get; set; } = entry.FirstKey;

        /// <summary>Place of its next exchange.</summary>
        public int At { get; set; }

        public int Left { get; set; } = entry.Exchanges;
    }
}
