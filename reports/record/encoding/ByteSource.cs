using System.Buffers.Binary;

namespace Pressure.Record;

/// <summary>Reads what <see cref="ByteSink"/> wrote. Every read is checked: bytes are never trusted.</summary>
internal ref struct ByteSource(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly int Left => _bytes.Length - _at;

    public byte Byte() => _at < _bytes.Length ? _bytes[_at++] : throw TooShort(1);

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Bytes(4));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Bytes(8));

    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if ((uint)length > (uint)Left)
            throw TooShort(length);
        var taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }

    /// <summary>A signed number (zig-zag LEB128, at most nine bytes).</summary>
    public long Varint()
    {
        ulong value = Byte();
        if (value < 0x80)
            return ZigZag(value);
        value &= 0x7F;
        for (var shift = 7; shift < 56; shift += 7)
        {
            ulong next = Byte();
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return ZigZag(value);
        }
        return ZigZag(value | (ulong)Byte() << 56);
    }

    /// <summary>A number that can't be negative.</summary>
    public long Count()
    {
        var value = Varint();
        return value >= 0 ? value : throw new InvalidDataException($"A count can't be negative, but reads {value}.");
    }

    private readonly InvalidDataException TooShort(int length) => new($"{length} bytes expected, {Left} left.");

    private static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
