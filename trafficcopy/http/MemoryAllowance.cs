using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>How many bytes may be held: by a connection, and within that by all of them.</summary>
internal sealed class MemoryAllowance(long limit, MemoryAllowance? whole = null)
{
    /// <summary>Bytes that are held.</summary>
    public long Held { get; private set; }

    /// <summary>Takes room, if there is some.</summary>
    public bool TryTake(long bytes)
    {
        if (Held + bytes > limit || whole?.TryTake(bytes) == false)
            return false;
        Held += bytes;
        return true;
    }

    /// <summary>Gives room back.</summary>
    public void Give(long bytes)
    {
        Held -= bytes;
        whole?.Give(bytes);
    }
}

/// <summary>Bytes one after the other, in an array that is lent and counted.</summary>
internal struct HeldBytes
{
    private byte[]? _array;
    private int _length;

    /// <summary>How many.</summary>
    public readonly int Length => _length;

    /// <summary>They.</summary>
    public readonly ReadOnlySpan<byte> Span => _array.AsSpan(0, _length);

    /// <summary>Some of them, until the next change.</summary>
    public readonly ReadOnlyMemory<byte> Part(int from, int length) => length == 0 ? default : _array.AsMemory(from, length);

    /// <summary>Adds bytes; false, and nothing added, where there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes, MemoryAllowance memory)
    {
        if (!TryMakeRoom(bytes.Length, memory))
            return false;
        bytes.CopyTo(_array.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    /// <summary>Forgets the last ones.</summary>
    public void CutTo(int length) => _length = Math.Min(_length, length);

    /// <summary>Forgets the first ones.</summary>
    public void RemoveFirst(int count)
    {
        Span[count..].CopyTo(_array);
        _length -= count;
    }

    /// <summary>Forgets all, and gives the array back.</summary>
    public void Clear(MemoryAllowance memory)
    {
        if (_array is { } array)
        {
            memory.Give(array.Length);
            ArrayPool<byte>.Shared.Return(array);
        }
        (_array, _length) = (null, 0);
    }

    private bool TryMakeRoom(int more, MemoryAllowance memory)
    {
        var needed = _length + more;
        if (needed <= (_array?.Length ?? 0))
            return true;
        // Four times as much while it is small: what grows is copied rarely.
        var size = Math.Max(needed, Math.Max(512, _length < 256 << 10 ? _length * 4 : _length * 2));
        var array = ArrayPool<byte>.Shared.Rent(size);
        if (!memory.TryTake(array.Length))
        {
            ArrayPool<byte>.Shared.Return(array);
            return false;
        }
        Span.CopyTo(array);
        var length = _length;
        Clear(memory);
        (_array, _length) = (array, length);
        return true;
    }
}
