using System.Buffers.Binary;
using System.IO.Compression;

namespace Pressure.TrafficCopy;

/// <summary>What traffic can be read from.</summary>
public enum SourceFormat
{
    /// <summary>None that is known.</summary>
    Unknown,

    /// <summary>Our own store.</summary>
    Store,

    /// <summary>pcap or pcapng, packed with gzip or not.</summary>
    Packets,

    /// <summary>HTTP archive, packed with gzip or not.</summary>
    Har,

    /// <summary>GoReplay's file, packed with gzip or not.</summary>
    GoReplay,
}

/// <summary>Tells formats by how files begin.</summary>
internal static class SourceFormats
{
    private const int Looked = 64;

    /// <summary>The format of a file.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SourceFormat Of(string path)
    {
        using var file = OpenFile(path);
        Span<byte> start = stackalloc byte[Looked];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start is not [0x1F, 0x8B, ..])
            return Of(start);
        file.Position = 0;
        try
        {
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            Span<byte> inside = stackalloc byte[Looked];
            return Of(inside[..unpacked.ReadAtLeast(inside, inside.Length, throwOnEndOfStream: false)]);
        }
        catch (InvalidDataException)
        {
            return SourceFormat.Unknown;
        }
    }

    /// <summary>Opens a file that may be read by others, and still be written.</summary>
    public static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);

    private static SourceFormat Of(ReadOnlySpan<byte> start)
    {
        if (StoreFormat.Begins(start))
            return SourceFormat.Store;
        if (start.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(start) is 0xA1B2C3D4 or 0xD4C3B2A1 or 0xA1B23C4D or 0x4D3CB2A1 or 0x0A0D0D0A)
            return SourceFormat.Packets;
        var text = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        if (text is [(byte)'1' or (byte)'2' or (byte)'3', (byte)' ', ..])
            return SourceFormat.GoReplay;
        return text.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? SourceFormat.Har : SourceFormat.Unknown;
    }
}
