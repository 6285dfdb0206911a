using System.Buffers;
using System.IO.Compression;
using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>Decodes a body piece by piece in bounded memory, and no further than <see cref="MaxBytes"/>.</summary>
internal abstract class ContentDecoder : IDisposable
{
    /// <summary>What a body may become, in bytes; what is beyond would only keep the lane from its work.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly byte[] _decoded = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private long _length;

    /// <summary>The decoder for what a Content-Encoding field names; null for a coding that nobody asked for, and for several at once.</summary>
    public static ContentDecoder? For(ReadOnlySpan<byte> coding) =>
        Ascii.EqualsIgnoreCase(coding, "gzip"u8) || Ascii.EqualsIgnoreCase(coding, "x-gzip"u8) ? new InflateDecoder(isGzip: true)
        : Ascii.EqualsIgnoreCase(coding, "deflate"u8) ? new InflateDecoder(isGzip: false)
        : Ascii.EqualsIgnoreCase(coding, "br"u8) ? new BrotliBody()
        : null;

    /// <summary>Decodes a piece and hands it on.</summary>
    public RequestError Write(ReadOnlySpan<byte> piece, BodyCheck to)
    {
        try
        {
            for (var taken = true; taken;)
            {
                taken = Decode(ref piece, _decoded, out var count);
                _length += count;
                if (_length > MaxBytes)
                    return RequestError.BodyTooLarge;
                to.Look(_decoded.AsSpan(0, count));
            }

            return RequestError.None;
        }
        catch (InvalidDataException)
        {
            return RequestError.DecodingFailed;
        }
    }

    /// <summary>Whether the body is whole, now that nothing more comes.</summary>
    public abstract bool IsComplete();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what it holds.</summary>
    protected virtual void Dispose(bool disposing) => ArrayPool<byte>.Shared.Return(_decoded);

    /// <summary>Decodes some of a piece; false when nothing more can come of it.</summary>
    /// <exception cref="InvalidDataException">It is not what it was said to be.</exception>
    protected abstract bool Decode(ref ReadOnlySpan<byte> piece, Span<byte> to, out int count);

    private sealed class BrotliBody : ContentDecoder
    {
        private BrotliDecoder _brotli;
        private OperationStatus _status = OperationStatus.NeedMoreData;

        public override bool IsComplete() => _status == OperationStatus.Done;

        protected override bool Decode(ref ReadOnlySpan<byte> piece, Span<byte> to, out int count)
        {
            count = 0;
            if (_status == OperationStatus.Done)
                return false;
            _status = _brotli.Decompress(piece, to, out var consumed, out count);
            piece = piece[consumed..];
            return _status == OperationStatus.InvalidData ? throw new InvalidDataException() : _status == OperationStatus.DestinationTooSmall;
        }

        protected override void Dispose(bool disposing)
        {
            _brotli.Dispose();
            base.Dispose(disposing);
        }
    }
}
