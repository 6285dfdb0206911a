using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>Walks over a block's options: each a code, a length and a value, filled up to four bytes. Ends at the first that makes no sense.</summary>
internal ref struct PcapngOptions(ReadOnlySpan<byte> rest, bool big)
{
    private ReadOnlySpan<byte> _rest = rest;

    /// <summary>The option's code.</summary>
    public int Code { get; private set; }

    /// <summary>Its value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next one; false at the end.</summary>
    public bool Next()
    {
        if (_rest.Length < 4)
            return false;
        Code = Two(_rest);
        var length = Two(_rest[2..]);
        if (Code == 0 || length > _rest.Length - 4)
            return false;
        Value = _rest.Slice(4, length);
        _rest = _rest[Math.Min(_rest.Length, 4 + ((length + 3) & ~3))..];
        return true;
    }

    private readonly int Two(ReadOnlySpan<byte> bytes) => big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
