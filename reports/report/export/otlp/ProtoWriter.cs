using System.Buffers.Binary;
using System.Text;

namespace Pressure.Reports.Export;

/// <summary>Writes protocol buffers: what a message of metrics needs of them.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;

    private byte[] _buffer = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Text(int field, string value)
    {
        if (value.Length == 0)
            return;
        Tag(field, Bytes);
        var length = Encoding.UTF8.GetByteCount(value);
        Number((ulong)length);
        Length += Encoding.UTF8.GetBytes(value, Room(length));
    }

    public void Enumeration(int field, int value)
    {
        Tag(field, Varint);
        Number((ulong)value);
    }

    public void Fixed(int field, long value)
    {
        Tag(field, Fixed64);
        Eight(value);
    }

    public void Real(int field, double value) => Fixed(field, BitConverter.DoubleToInt64Bits(value));

    public void Packed(int field, IReadOnlyList<long> values)
    {
        Tag(field, Bytes);
        Number((ulong)values.Count * 8);
        foreach (var value in values)
            Eight(value);
    }

    public void Packed(int field, IReadOnlyList<double> values)
    {
        Tag(field, Bytes);
        Number((ulong)values.Count * 8);
        foreach (var value in values)
            Eight(BitConverter.DoubleToInt64Bits(value));
    }

    /// <summary>A message within this one. Its length stands before it, so it is written where there is room and then moved.</summary>
    public void Message(int field, Action write)
    {
        Tag(field, Bytes);
        var start = Length;
        write();
        var length = Length - start;
        var prefix = LengthOfNumber((ulong)length);
        Room(prefix);
        _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(start + prefix));
        Length = start;
        Number((ulong)length);
        Length += length;
    }

    private void Tag(int field, int type) => Number((ulong)((field << 3) | type));

    private void Number(ulong value)
    {
        var room = Room(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            room[length++] = (byte)(value | 0x80);
        room[length++] = (byte)value;
        Length += length;
    }

    private void Eight(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);
        Length += 8;
    }

    private static int LengthOfNumber(ulong value)
    {
        var length = 1;
        for (; value >= 0x80; value >>= 7)
            length++;
        return length;
    }

    private Span<byte> Room(int bytes)
    {
        if (Length + bytes > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, Length + bytes));
        return _buffer.AsSpan(Length);
    }
}
