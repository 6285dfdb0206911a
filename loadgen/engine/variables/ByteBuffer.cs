using System.Buffers;

namespace Pressure.LoadGen.Engine;

/// <summary>Bytes that are appended to; grows and is used again, so that a steady state allocates nothing.</summary>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = [];

    /// <summary>Bytes in use.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that it can take without growing.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>What was written; valid until the next write.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets all bytes beyond a length.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Appends bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Appends room, to be filled by the caller.</summary>
    public Span<byte> Take(int count)
    {
        Reserve(count);
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsSpan(Length);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Math.Max(256, Length + count)));
    }
}
