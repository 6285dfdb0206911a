namespace Pressure.TrafficCopy;

/// <summary>Counts what is read of a stream, and gives back its beginning, once looked at, again. Does not own the stream.</summary>
internal sealed class CountedStream(Stream inner) : Stream
{
    private byte[] _again = [];
    private int _given;
    private uint _last;

    /// <summary>Bytes read.</summary>
    public long Consumed { get; private set; }

    /// <summary>The last four bytes read, as a little-endian number: of a file packed with gzip, how long its last part is when unpacked.</summary>
    public uint LastFour => _last;

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
        get => Consumed;
        set => throw new NotSupportedException();
    }

    /// <summary>The first bytes, to be read again.</summary>
    public void PutBack(ReadOnlySpan<byte> start)
    {
        (_again, _given) = (start.ToArray(), 0);
        Consumed -= start.Length;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var again = Math.Min(buffer.Length, _again.Length - _given);
        _again.AsSpan(_given, again).CopyTo(buffer);
        _given += again;
        var read = again + inner.Read(buffer[again..]);
        Consumed += read;
        for (var i = Math.Max(0, read - 4); i < read; i++)
            _last = _last >> 8 | (uint)buffer[i] << 24;
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
}
