namespace Pressure.Mirror;

/// <summary>An answer's body on its way to the client: what has been written is kept as well.</summary>
internal sealed class AnswerTee(Stream inner, HeldExchange held) : PassingStream
{
    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var write = inner.WriteAsync(buffer, cancellationToken);
        if (!write.IsCompletedSuccessfully)
            return WaitAsync(write, buffer);
        held.KeepAnswer(buffer.Span);
        return default;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    private async ValueTask WaitAsync(ValueTask write, ReadOnlyMemory<byte> buffer)
    {
        await write;
        held.KeepAnswer(buffer.Span);
    }
}
