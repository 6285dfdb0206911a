namespace Pressure.TrafficCopy.Tests;

/// <summary>A file that is larger than any disk here: a beginning, a piece over and over, an end. Nothing of it lies anywhere.</summary>
internal sealed class EndlessStream(byte[] beginning, byte[] piece, long times, byte[] end) : Stream
{
    private long _at;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => beginning.Length + (piece.Length * times) + end.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var from = Rest();
        var read = Math.Min(from.Length, buffer.Length);
        from[..read].CopyTo(buffer);
        _at += read;
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

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

    private ReadOnlySpan<byte> Rest()
    {
        if (_at < beginning.Length)
            return beginning.AsSpan((int)_at);
        var behind = _at - beginning.Length;
        return behind < piece.Length * times ? piece.AsSpan((int)(behind % piece.Length)) : end.AsSpan((int)(behind - (piece.Length * times)));
    }
}
