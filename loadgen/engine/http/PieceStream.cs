using System.Buffers;

namespace Pressure.LoadGen.Engine;

/// <summary>Gives a reader the pieces that have come so far, and seems to end wherever the next one is missing.</summary>
internal sealed class PieceStream : Stream
{
    private byte[] _piece = [];
    private int _position;
    private int _length;

    /// <summary>How often more was asked for than the last piece had.</summary>
    public int AskedInVain { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts a piece behind what has not been read yet.</summary>
    public void Offer(ReadOnlySpan<byte> piece)
    {
        var left = _length - _position;
        if (_piece.Length < left + piece.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(left + piece.Length);
            _piece.AsSpan(_position, left).CopyTo(larger);
            Return();
            _piece = larger;
        }
        else
        {
            _piece.AsSpan(_position, left).CopyTo(_piece);
        }

        piece.CopyTo(_piece.AsSpan(left));
        (_position, _length, AskedInVain) = (0, left + piece.Length, 0);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _length - _position);
        if (count == 0)
            AskedInVain++;
        _piece.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Return();
        _piece = [];
        (_position, _length) = (0, 0);
        base.Dispose(disposing);
    }

    private void Return()
    {
        if (_piece.Length > 0)
            ArrayPool<byte>.Shared.Return(_piece);
    }
}
