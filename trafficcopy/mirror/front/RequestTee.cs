namespace Pressure.Mirror;

/// <summary>A request's body on its way to production: what is read is kept as well. It reads no further than production's side asks.</summary>
internal sealed class RequestTee : PassingStream
{
    private readonly Stream _inner;
    private readonly HeldExchange _held;
    private readonly TimeProvider _time;

    public RequestTee(Stream inner, HeldExchange held, TimeProvider time)
    {
        (_inner, _held, _time) = (inner, held, time);
        // Until its end is seen.
        held.IsRequestWhole = false;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _inner.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new(Note(buffer, read.Result)) : WaitAsync(read, buffer);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private async ValueTask<int> WaitAsync(ValueTask<int> read, Memory<byte> buffer) => Note(buffer, await read);

    private int Note(Memory<byte> buffer, int read)
    {
        // A read into nothing only waits for something to be there.
        if (buffer.Length == 0)
            return read;
        if (read > 0)
            _held.KeepRequest(buffer.Span[..read]);
        else
            (_held.IsRequestWhole, _held.RequestEnded) = (true, _time.GetTimestamp());
        return read;
    }
}
