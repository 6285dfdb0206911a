using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Pressure.Record;

namespace Pressure.TrafficCopy;

/// <summary>Reads records of a store wherever they are. Lengths are believed only as far as the file goes.</summary>
internal static class StoreRecords
{
    /// <summary>Length of the payload of the record at a place, and its checksum; null if there is no sound header.</summary>
    public static (int Length, uint Crc)? HeaderAt(SafeFileHandle file, long at, long end)
    {
        Span<byte> header = stackalloc byte[LogFormat.HeaderLength];
        if (at > end - header.Length || !TryReadAll(file, header, at))
            return null;
        var (length, crc) = LogFormat.ReadHeader(header);
        return length > 0 && length <= StoreFormat.MaxBlock + BlockRecord.HeaderLength && length <= end - at - header.Length ? (length, crc) : null;
    }

    /// <summary>Reads the payload of a record into a rented buffer.</summary>
    /// <exception cref="InvalidDataException">It is not whole, not sound, or of another length.</exception>
    public static byte[] Rent(SafeFileHandle file, long at, int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length + LogFormat.HeaderLength);
        try
        {
            var record = buffer.AsSpan(0, LogFormat.HeaderLength + length);
            if (!TryReadAll(file, record, at))
                throw new InvalidDataException("it is not whole");
            var (told, crc) = LogFormat.ReadHeader(record);
            var payload = record[LogFormat.HeaderLength..];
            if (told != length || Crc32C.Of(payload) != crc)
                throw new InvalidDataException("its checksum does not match");
            payload.CopyTo(buffer);
            return buffer;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public static bool TryReadAll(SafeFileHandle file, Span<byte> into, long at)
    {
        while (!into.IsEmpty)
        {
            var read = RandomAccess.Read(file, into, at);
            if (read == 0)
                return false;
            into = into[read..];
            at += read;
        }

        return true;
    }
}
