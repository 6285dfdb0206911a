using System.Buffers;
using System.Buffers.Binary;

namespace Pressure.Record;

/// <summary>Appends numbers to a growing buffer: fixed ones big-endian (as HdrHistogram has them), counts as LEB128.</summary>
internal sealed class ByteSink
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public void Bytes(ReadOnlySpan<byte> value) => _buffer.Write(value);

    /// <summary>A number that can't be negative: better told to the one who writes it than to all who read it.</summary>
    public void Count(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Varint(value);
    }

    /// <summary>
    /// A signed number, zig-zag, as HdrHistogram's LEB128: seven bits a byte, lowest first, bit 7 says that more follow;
    /// a ninth byte holds eight bits and is the last.
    /// </summary>
    public void Varint(long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var span = _buffer.GetSpan(9);
        var length = 0;
        while (rest > 0x7F && length < 8)
        {
            span[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }
        span[length++] = (byte)rest;
        _buffer.Advance(length);
    }
}
