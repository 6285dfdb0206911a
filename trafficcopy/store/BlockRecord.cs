using System.Buffers.Binary;
using System.IO.Compression;

namespace Pressure.TrafficCopy;

/// <summary>How a block's exchanges are packed.</summary>
internal enum BlockPacking : byte
{
    None = 0,
    Brotli = 1,
}

/// <summary>What stands before a block's exchanges:
/// <code>
/// kind (1)  packing (1)  exchanges (4)  bytes unpacked (4)  base of times (8)  first key (8)  last key (8)
/// </code>
/// </summary>
/// <param name="Packing">How they are packed.</param>
/// <param name="Exchanges">How many.</param>
/// <param name="Length">Bytes, unpacked.</param>
/// <param name="Base">What their times count from.</param>
/// <param name="FirstKey">Key of the first.</param>
/// <param name="LastKey">Key of the last.</param>
internal readonly record struct BlockRecord(BlockPacking Packing, int Exchanges, int Length, long Base, long FirstKey, long LastKey)
{
    public const int HeaderLength = 34;

    // The quickest that is still worth it: traffic shrinks to a fifth, at several hundred MB a second.
    private const int Quality = 1;
    private const int Window = 18;

    /// <summary>Bytes that suffice for a block's payload.</summary>
    public static int Bound(int length) => HeaderLength + length;

    /// <summary>Writes the payload of a block into a buffer that has room for its bound, and gives its length.</summary>
    public static int Write(BlockRecord block, ReadOnlySpan<byte> exchanges, bool pack, Span<byte> payload)
    {
        var room = payload.Slice(HeaderLength, exchanges.Length);
        // What does not shrink stays as it is.
        if (pack && BrotliEncoder.TryCompress(exchanges, room, out var packed, Quality, Window) && packed < exchanges.Length)
        {
            block = block with { Packing = BlockPacking.Brotli };
        }
        else
        {
            packed = exchanges.Length;
            exchanges.CopyTo(room);
        }

        block.WriteHeader(payload);
        return HeaderLength + packed;
    }

    /// <summary>Reads what stands before a block's exchanges.</summary>
    /// <exception cref="InvalidDataException">It is no block.</exception>
    public static BlockRecord ReadHeader(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderLength || payload[0] != (byte)RecordKind.Block)
            throw new InvalidDataException("it is no block");
        var block = new BlockRecord(
            (BlockPacking)payload[1],
            BinaryPrimitives.ReadInt32BigEndian(payload[2..]),
            BinaryPrimitives.ReadInt32BigEndian(payload[6..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[10..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[18..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[26..]));
        // Only an exchange alone may be longer than a block usually is.
        var most = block.Exchanges == 1 ? StoreFormat.MaxBlock : StoreFormat.BlockSize;
        if (block.Packing > BlockPacking.Brotli || block.Length <= 0 || block.Length > most || block.Exchanges <= 0 || block.Exchanges > block.Length)
            throw new InvalidDataException("its header is wrong");
        return block;
    }

    /// <summary>Unpacks a block's exchanges into a buffer that has room for its length.</summary>
    /// <exception cref="InvalidDataException">They are not what the header says.</exception>
    public void Unpack(ReadOnlySpan<byte> payload, Span<byte> exchanges)
    {
        var packed = payload[HeaderLength..];
        if (Packing == BlockPacking.None && packed.Length == Length)
            packed.CopyTo(exchanges);
        else if (Packing == BlockPacking.None || !BrotliDecoder.TryDecompress(packed, exchanges[..Length], out var length) || length != Length)
            throw new InvalidDataException("it can't be unpacked");
    }

    private void WriteHeader(Span<byte> payload)
    {
        payload[0] = (byte)RecordKind.Block;
        payload[1] = (byte)Packing;
        BinaryPrimitives.WriteInt32BigEndian(payload[2..], Exchanges);
        BinaryPrimitives.WriteInt32BigEndian(payload[6..], Length);
        BinaryPrimitives.WriteInt64BigEndian(payload[10..], Base);
        BinaryPrimitives.WriteInt64BigEndian(payload[18..], FirstKey);
        BinaryPrimitives.WriteInt64BigEndian(payload[26..], LastKey);
    }
}
