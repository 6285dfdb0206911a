using System.IO.Compression;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Decodes gzip, and deflate in both its meanings: what RFC 9110 says (zlib), and what some servers send (bare).
/// </summary>
/// <remarks>
/// The runtime's streams pull, and do not tell whether what they decoded was whole. But a stream that is over asks for no more, except
/// gzip, which looks for another member: then it is offered a byte that no member begins with and no trailer of ours ends with.
/// </remarks>
internal sealed class InflateDecoder(bool isGzip) : ContentDecoder
{
    private readonly PieceStream _pieces = new();
    private Stream? _stream;

    /// <inheritdoc/>
    public override bool IsComplete()
    {
        if (_stream is null)
            return true;
        try
        {
            Span<byte> rest = stackalloc byte[256];
            _pieces.Offer(isGzip ? [0xFF] : []);
            while (_stream.Read(rest) > 0)
            {
            }

            return _pieces.AskedInVain == 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    protected override bool Decode(ref ReadOnlySpan<byte> piece, Span<byte> to, out int count)
    {
        _stream ??= Open(piece[0]);
        if (piece.Length > 0)
            _pieces.Offer(piece);
        piece = default;
        count = _stream.Read(to);
        return count > 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _stream?.Dispose();
        _pieces.Dispose();
        base.Dispose(disposing);
    }

    // The first byte of zlib says 8 for the method and at most 7 for the window; a bare stream of stored blocks alone could look like it.
    private Stream Open(byte first) =>
        isGzip ? new GZipStream(_pieces, CompressionMode.Decompress)
        : first % 16 == 8 && first < 0x80 ? new ZLibStream(_pieces, CompressionMode.Decompress)
        : new DeflateStream(_pieces, CompressionMode.Decompress);
}
