using System.Buffers.Binary;
using Pressure.Record;

namespace Pressure.TrafficCopy;

/// <summary>What a capture store (<c>*.capture</c>) looks like from outside. Numbers of fixed length are big-endian, the others LEB128.</summary>
/// <remarks>
/// <code>
/// magic (11) version (1)
/// records, each: length of payload (4)  CRC-32C of payload (4)  payload      as in a run folder's logs
///     header       kind 1, JSON                                             when it began, what is masked
///     block ...    kind 2, sorted exchanges                                 see BlockRecord
///     index ...    kind 3, where the blocks are, from when to when          only in files that were ended
///     summary      kind 4, JSON                                             counts, endpoints, accounts
/// end (20): place of the first index record (8)  CRC-32C of these 8 (4)  "P-end-of"
/// </code>
/// A file that was cut off anywhere is read by its blocks alone, from the front to the first one that is not whole.
/// </remarks>
internal static class StoreFormat
{
    public const byte Version = 1;

    /// <summary>Bytes of the longest exchange: what is beyond is cut from its bodies.</summary>
    public const int MaxExchange = 40 << 20;

    /// <summary>Bytes of a block before it is compressed, at most: a little more than the longest exchange.</summary>
    public const int MaxBlock = MaxExchange + (1 << 20);

    /// <summary>Bytes at which a block is full.</summary>
    public const int BlockSize = 256 << 10;

    /// <summary>Bytes of magic and version.</summary>
    public const int PreambleLength = 12;

    public const int EndLength = 20;

    /// <summary>Bytes of the longest header or summary.</summary>
    public const int MaxJson = 4 << 20;

    // As in PNG files: bytes that betray a transfer as text.
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'C', (byte)'A', (byte)'P', (byte)'T', (byte)'U', (byte)'R', (byte)'E', (byte)'\r', (byte)'\n', 0x1A];

    public static ReadOnlySpan<byte> EndMagic => "P-end-of"u8;

    public static bool Begins(ReadOnlySpan<byte> file) => file.StartsWith(Magic);

    /// <summary>The last bytes of a file that was ended.</summary>
    public static byte[] End(long index)
    {
        var end = new byte[EndLength];
        BinaryPrimitives.WriteInt64BigEndian(end, index);
        BinaryPrimitives.WriteUInt32BigEndian(end.AsSpan(8), Crc32C.Of(end.AsSpan(0, 8)));
        EndMagic.CopyTo(end.AsSpan(12));
        return end;
    }

    /// <summary>Place of the first index record, if these are the last bytes of a file that was ended.</summary>
    public static bool TryReadEnd(ReadOnlySpan<byte> end, out long index)
    {
        index = BinaryPrimitives.ReadInt64BigEndian(end);
        return end[12..].SequenceEqual(EndMagic) && BinaryPrimitives.ReadUInt32BigEndian(end[8..]) == Crc32C.Of(end[..8]);
    }

    /// <summary>Bytes of a record in the file.</summary>
    public static int RecordLength(int payload) => LogFormat.HeaderLength + payload;
}

/// <summary>First byte of a record's payload.</summary>
internal enum RecordKind : byte
{
    Header = 1,
    Block = 2,
    Index = 3,
    Summary = 4,
}
