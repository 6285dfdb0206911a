using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// One file of an <see cref="EntryRing"/>: records of <see cref="LogFormat"/>, each an entry as JSON. The file is named after the number of its first
/// entry; the others are counted from there.
/// </summary>
internal sealed class RingSegment : IDisposable
{
    /// <summary>Bytes of the longest entry: with a frame around it, it must fit one WebSocket message.</summary>
    public const int MaxEntry = FrameCodec.MaxBytes - 1024;

    private const string Extension = ".seg";

    private readonly SafeFileHandle _file;

    private RingSegment(string path, long first, SafeFileHandle file)
    {
        Path = path;
        First = first;
        _file = file;
    }

    public string Path { get; }

    /// <summary>Number of the first entry.</summary>
    public long First { get; }

    /// <summary>Number behind the last entry.</summary>
    public long End { get; set; }

    /// <summary>Bytes of whole records.</summary>
    public long Length { get; private set; }

    /// <exception cref="IOException">The file can't be made, or exists.</exception>
    public static RingSegment Create(string folder, long first)
    {
        var path = System.IO.Path.Combine(folder, first.ToString("D19", CultureInfo.InvariantCulture) + Extension);
        return new RingSegment(path, first, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read)) { End = first };
    }

    /// <summary>The segments of a folder, the oldest first. Files of other names are left alone.</summary>
    public static IReadOnlyList<(string Path, long First)> Find(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + Extension)
            .Select(path => (path, First: long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : -1))
            .Where(f => f.First >= 0)
            .OrderBy(f => f.First)];

    /// <summary>Opens a segment whose records are counted: the last one of a ring. What a crash has left behind its sound records is cut off.</summary>
    /// <exception cref="IOException">The file can't be read or cut.</exception>
    public static RingSegment OpenLast(string path, long first)
    {
        var segment = new RingSegment(path, first, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read)) { End = first };
        var size = RandomAccess.GetLength(segment._file);
        while (segment.Record(segment.Length, size) is { } payload)
        {
            segment.Length += LogFormat.HeaderLength + payload.Length;
            segment.End++;
        }
        if (segment.Length < size)
            RandomAccess.SetLength(segment._file, segment.Length);
        return segment;
    }

    /// <summary>Opens a segment that another one follows.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static RingSegment Open(string path, long first, long end)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new RingSegment(path, first, file) { End = end, Length = RandomAccess.GetLength(file) };
    }

    /// <exception cref="IOException">The record could not be written whole; the segment is as before.</exception>
    public void Append(ReadOnlySpan<byte> payload)
    {
        var length = LogFormat.HeaderLength + payload.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            LogFormat.WriteHeader(buffer, payload);
            payload.CopyTo(buffer.AsSpan(LogFormat.HeaderLength));
            RandomAccess.Write(_file, buffer.AsSpan(0, length), Length);
            Length += length;
            End++;
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_file, Length);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The payload of the record at an offset; null if there is none or it is damaged.</summary>
    public byte[]? Record(long offset) => Record(offset, Length);

    /// <summary>The offset behind the record at an offset, without looking at its payload; null if there is none.</summary>
    public long? Behind(long offset)
    {
        Span<byte> header = stackalloc byte[LogFormat.HeaderLength];
        if (offset + header.Length > Length || !Fill(header, offset))
            return null;
        var (length, _) = LogFormat.ReadHeader(header);
        var behind = offset + header.Length + length;
        return length is > 0 and <= MaxEntry && behind <= Length ? behind : null;
    }

    /// <summary>Removes the file.</summary>
    public void Delete()
    {
        Dispose();
        File.Delete(Path);
    }

    public void Dispose() => _file.Dispose();

    private byte[]? Record(long offset, long size)
    {
        Span<byte> header = stackalloc byte[LogFormat.HeaderLength];
        if (offset + header.Length > size || !Fill(header, offset))
            return null;
        var (length, crc) = LogFormat.ReadHeader(header);
        if (length is <= 0 or > MaxEntry || offset + header.Length + length > size)
            return null;
        var payload = new byte[length];
        return Fill(payload, offset + header.Length) && Crc32C.Of(payload) == crc ? payload : null;
    }

    // A disk that can't read is a damaged record.
    private bool Fill(Span<byte> bytes, long offset)
    {
        try
        {
            return RandomAccess.Read(_file, bytes, offset) == bytes.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
