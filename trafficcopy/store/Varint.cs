namespace Pressure.TrafficCopy;

/// <summary>Numbers as LEB128: seven bits a byte, lowest first, bit 7 says that more follow.</summary>
internal static class Varint
{
    /// <summary>Bytes of the longest.</summary>
    public const int Longest = 10;

    /// <summary>Writes a number and gives its length.</summary>
    public static int Write(Span<byte> to, ulong value)
    {
        var length = 0;
        for (; value > 0x7F; value >>= 7)
            to[length++] = (byte)(value | 0x80);
        to[length++] = (byte)value;
        return length;
    }

    /// <summary>Small numbers of either sign become small ones.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}

/// <summary>Appends to a span that has room.</summary>
internal ref struct EntryWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    public int Length { get; private set; }

    public void Byte(byte value) => _to[Length++] = value;

    public void Number(ulong value) => Length += Varint.Write(_to[Length..], value);

    public void Signed(long value) => Number(Varint.ZigZag(value));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_to[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Room to be filled by the caller.</summary>
    public Span<byte> Room(int length)
    {
        Length += length;
        return _to[(Length - length)..Length];
    }
}

/// <summary>Reads what <see cref="EntryWriter"/> wrote. Every read is checked: bytes are never trusted.</summary>
/// <exception cref="InvalidDataException">The bytes end too early, or a number is too long.</exception>
internal ref struct EntryReader(ReadOnlySpan<byte> bytes, int at = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; private set; } = at;

    public readonly int Left => _bytes.Length - At;

    public byte Byte() => At < _bytes.Length ? _bytes[At++] : throw TooShort();

    public ulong Number()
    {
        ulong value = Byte();
        if (value < 0x80)
            return value;
        value &= 0x7F;
        for (var shift = 7; shift < 64; shift += 7)
        {
            ulong next = Byte();
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("a number is too long");
    }

    public long Signed() => Varint.ZigZag(Number());

    /// <summary>A number of things that are at least as many bytes as given, of which there can't be more than are left.</summary>
    public int Count(int size = 1)
    {
        var count = Number();
        return count <= (ulong)(Left / size) ? (int)count : throw TooShort();
    }

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if ((uint)length > (uint)Left)
            throw TooShort();
        At += length;
        return _bytes.Slice(At - length, length);
    }

    private static InvalidDataException TooShort() => new("it ends too early");
}
