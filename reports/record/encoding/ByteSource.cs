using System.Buffers.Binary;

namespace Pressure.Record;

/// <summary>Reads what <see cref="ByteSink"/> wrote. Every read is checked: bytes are never trusted.</summary>
internal ref struct ByteSource(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public byte Byte() => Bytes(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Bytes(4));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Bytes(8));

    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if ((uint)length > (uint)_rest.Length)
            throw new InvalidDataException($"{length} bytes expected, {_rest.Length} left.");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    /// <summary>A signed number (zig-zag LEB128, at most nine bytes).</summary>
    public long Varint()
    {
        var value = 0UL;
        for (var i = 0; i < 8; i++)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << (7 * i);
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

    private static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
