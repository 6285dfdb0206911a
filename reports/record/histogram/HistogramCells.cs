namespace Pressure.Record;

/// <summary>The non-empty buckets of a histogram in rising order, whichever way it holds them: an array of counts, packed, or a few sorted indexes.</summary>
/// <remarks>
/// Packed, a second's histogram takes about as many bytes as it has values instead of tens of kilobytes,
/// so that hours of intervals can be held at once. The packed bytes have been checked when they were read.
/// </remarks>
internal struct HistogramCells(long[] counts, byte[]? packed, int[] few, int fewCount)
{
    private int _index = -1;
    private int _offset;

    /// <summary>The bucket, and how many values it holds (never zero).</summary>
    public (int Index, long Count) Current { get; private set; }

    /// <summary>Lets <c>foreach</c> walk the cells.</summary>
    public readonly HistogramCells GetEnumerator() => this;

    /// <summary>Goes to the next bucket.</summary>
    public bool MoveNext() => packed is not null ? NextPacked(packed) : fewCount > 0 ? NextFew() : NextCounted();

    private bool NextCounted()
    {
        var gap = counts.AsSpan(_index + 1).IndexOfAnyExcept(0L);
        if (gap < 0)
            return false;
        _index += gap + 1;
        Current = (_index, counts[_index]);
        return true;
    }

    private bool NextFew()
    {
        if (_offset == fewCount)
            return false;
        var same = few.AsSpan(_offset, fewCount - _offset).IndexOfAnyExcept(few[_offset]);
        var count = same < 0 ? fewCount - _offset : same;
        Current = (few[_offset], count);
        _offset += count;
        return true;
    }

    private bool NextPacked(byte[] bytes)
    {
        var source = new ByteSource(bytes.AsSpan(_offset));
        while (source.Left > 0)
        {
            var count = source.Varint();
            _index += count < 0 ? (int)-count : 1; // -n stands for n zeros
            if (count <= 0)
                continue;
            _offset = bytes.Length - source.Left;
            Current = (_index, count);
            return true;
        }
        return false;
    }
}
