using System.IO.Compression;
using System.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>The bytes of a source: gzip is undone, the beginning can be looked at, texts are read within a bound.</summary>
internal sealed class ImportSource
{
    /// <summary>The largest text that is read whole (logs are streamed and may be of any size).</summary>
    public const int MostBytes = 128 * 1024 * 1024;

    private const int HeadBytes = 64 * 1024;

    private ImportSource(byte[] head, Stream all) => (Head, All) = (head, all);

    /// <summary>The first bytes.</summary>
    public byte[] Head { get; }

    /// <summary>All bytes, the first included. To be read once.</summary>
    public Stream All { get; }

    /// <exception cref="IOException">The source can't be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged gzip.</exception>
    public static ImportSource Open(Stream stream)
    {
        var (magic, all) = Peek(stream, 2);
        if (magic is [0x1f, 0x8b])
            all = new GZipStream(all, CompressionMode.Decompress);
        var (head, whole) = Peek(all, HeadBytes);
        return new(head, whole);
    }

    /// <summary>The whole text; null after saying why not.</summary>
    public string? ReadText(ImportScope scope)
    {
        var bytes = new MemoryStream(Head.Length);
        var buffer = new byte[64 * 1024];
        for (int read; (read = All.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length <= MostBytes)
                continue;
            scope.Fail($"the text is larger than {MostBytes >> 20} MiB", "Cut it down: save the HAR without response bodies, or split the file. Only access logs may be of any size.");
            return null;
        }
        return Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), scope);
    }

    private static string? Decode(ReadOnlySpan<byte> bytes, ImportScope scope)
    {
        if (EncodingOf(bytes) is { } utf16)
            return utf16.GetString(bytes[2..]);
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[3..];
        var wrong = FirstInvalid(bytes);
        if (wrong < 0)
            return Encoding.UTF8.GetString(bytes);
        var before = bytes[..wrong];
        scope.FailAt(before.Count((byte)'\n') + 1, wrong - before.LastIndexOf((byte)'\n'), "the text is not UTF-8", "Save it as UTF-8.");
        return null;
    }

    /// <summary>UTF-16 by its mark, as Windows shells write it.</summary>
    public static Encoding? EncodingOf(ReadOnlySpan<byte> bytes) =>
        bytes is [0xff, 0xfe, ..] ? Encoding.Unicode : bytes is [0xfe, 0xff, ..] ? Encoding.BigEndianUnicode : null;

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
                return at;
            at += length;
            var ascii = bytes[at..].IndexOfAnyExceptInRange((byte)0, (byte)127);
            at = ascii < 0 ? bytes.Length : at + ascii;
        }
        return -1;
    }

    private static (byte[] Head, Stream All) Peek(Stream stream, int length)
    {
        var head = new byte[length];
        var read = stream.ReadAtLeast(head, length, throwOnEndOfStream: false);
        return (head[..read], new PrefixedStream(head.AsMemory(0, read), stream));
    }
}
