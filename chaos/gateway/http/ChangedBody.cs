using Microsoft.AspNetCore.Http;

namespace Pressure.Gateway;

/// <summary>A response's body that is written through a change.</summary>
internal abstract class ChangedBody(Stream inner) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Where it goes.</summary>
    protected Stream Inner => inner;

    /// <inheritdoc/>
    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Responses are written asynchronously.");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>So many bytes pass, then the connection is reset.</summary>
internal sealed class CutBody(HttpContext context, long bytes, TimeProvider time) : ChangedBody(context.Response.Body)
{
    // What has been written has left by then; a reset overtakes what has not.
    private static readonly TimeSpan ToLeave = TimeSpan.FromMilliseconds(50);

    private long _left = bytes;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length <= _left)
        {
            _left -= buffer.Length;
            await Inner.WriteAsync(buffer, cancellationToken);
            return;
        }
        await Inner.WriteAsync(buffer[..(int)_left], cancellationToken);
        _left = 0;
        await Inner.FlushAsync(cancellationToken);
        await Task.Delay(ToLeave, time, cancellationToken);
        context.Abort();
    }
}

/// <summary>The first byte is another one, and each thousandth after it.</summary>
internal sealed class CorruptBody(Stream inner) : ChangedBody(inner)
{
    private const int Every = 1000;

    private long _at;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var changed = buffer.ToArray();
        for (var n = (int)((Every - _at % Every) % Every); n < changed.Length; n += Every)
            changed[n] ^= 0x55;
        _at += changed.Length;
        await Inner.WriteAsync(changed, cancellationToken);
    }
}
