using System.IO.Compression;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>An answer's body, decoded when somebody looks at it, up to a limit.</summary>
internal ref struct AnswerBody(ReadOnlySpan<byte> encoded)
{
    /// <summary>How much of a body is looked at.</summary>
    public const int Most = 256 * 1024;

    private readonly ReadOnlySpan<byte> _encoded = encoded;
    private ReadOnlySpan<byte> _decoded;
    private bool _isDecoded;
    private string? _text;

    /// <summary>The body without its Content-Encoding; as far as it can be decoded.</summary>
    public ReadOnlySpan<byte> Decoded(ReadOnlySpan<byte> head)
    {
        if (_isDecoded)
            return _decoded;
        _isDecoded = true;
        var coding = new HttpHead(head).TryFind("content-encoding"u8, out var named) ? named : default;
        _decoded = coding.IsEmpty || Ascii.EqualsIgnoreCase(coding, "identity"u8) ? _encoded[..Math.Min(_encoded.Length, Most)] : Decode(coding, _encoded);
        return _decoded;
    }

    /// <summary>The same as a text.</summary>
    public string Text(ReadOnlySpan<byte> head) => _text ??= Encoding.UTF8.GetString(Decoded(head));

    private static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> coding, ReadOnlySpan<byte> encoded)
    {
        using var from = new MemoryStream(encoded.ToArray());
        Stream? through = null;
        if (Ascii.EqualsIgnoreCase(coding, "gzip"u8) || Ascii.EqualsIgnoreCase(coding, "x-gzip"u8))
            through = new GZipStream(from, CompressionMode.Decompress);
        else if (Ascii.EqualsIgnoreCase(coding, "br"u8))
            through = new BrotliStream(from, CompressionMode.Decompress);
        else if (Ascii.EqualsIgnoreCase(coding, "deflate"u8))
            through = new ZLibStream(from, CompressionMode.Decompress);
        if (through is null)
            return [];
        using (through)
        {
            var bytes = new byte[Most];
            var length = 0;
            try
            {
                int read;
                while (length < bytes.Length && (read = through.Read(bytes, length, bytes.Length - length)) > 0)
                    length += read;
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                // Cut or damaged: what came out so far is all there is.
            }

            return bytes.AsSpan(0, length);
        }
    }
}
