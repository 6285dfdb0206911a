using System.Buffers.Binary;

namespace Pressure.Record;

/// <summary>
/// A record of a log, numbers big-endian:
/// <code>
/// length of payload (4)   CRC-32C of payload (4)   payload (1 .. 64 Mi)
/// </code>
/// No payload is empty: a tail of zeros, which some file systems leave after a power cut, is no record.
/// </summary>
public static class LogFormat
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderLength = 8;

    /// <summary>Bytes of the longest payload.</summary>
    public const int MaxPayload = 64 << 20;

    /// <summary>Writes the header of a payload.</summary>
    public static void WriteHeader(Span<byte> header, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], Crc32C.Of(payload));
    }

    /// <summary>Reads a header; nothing of it is checked.</summary>
    public static (int Length, uint Crc) ReadHeader(ReadOnlySpan<byte> header) =>
        (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..]));
}
