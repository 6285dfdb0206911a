using System.Buffers.Binary;

namespace Pressure.Agent;

/// <summary>Reads little-endian values one after the other; past the end it says that the data is broken.</summary>
internal ref struct SpanCursor(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read so far.</summary>
    public int Offset { get; private set; }

    /// <summary>Whether everything has been read.</summary>
    public readonly bool AtEnd => Offset == _bytes.Length;

    /// <summary>Whether this many bytes are left.</summary>
    public readonly bool Has(int count) => count <= _bytes.Length - Offset;

    /// <summary>The next bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || !Has(count))
            throw new InvalidDataException("The data ends too soon.");
        var read = _bytes.Slice(Offset, count);
        Offset += count;
        return read;
    }

    public void Skip(int count) => Bytes(count);

    public byte Byte() => Bytes(1)[0];

    public short Short() => BinaryPrimitives.ReadInt16LittleEndian(Bytes(2));

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public uint UInt() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    /// <summary>A value as wide as a pointer of the process that wrote it.</summary>
    public long Pointer(int size) => size == 8 ? Long() : UInt();

    /// <summary>Seven bits a byte, the lowest first, the eighth for "more".</summary>
    public ulong VarInt(int bits)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            if (shift >= bits)
                throw new InvalidDataException("A number of the data is too long.");
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    /// <summary>UTF-16 up to its zero.</summary>
    public ReadOnlySpan<byte> Utf16()
    {
        var start = Offset;
        while (Short() != 0)
        {
        }
        return _bytes[start..(Offset - 2)];
    }
}
