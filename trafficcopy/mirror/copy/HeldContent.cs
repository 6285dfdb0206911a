using System.Net;

namespace Pressure.Mirror;

/// <summary>A copy's body, sent from where it is held.</summary>
internal sealed class HeldContent(ReadOnlyMemory<byte> body) : HttpContent
{
    /// <summary>
    /// Whether it has left in full. If not, somebody may still be reading it although the request has ended, so its memory can't be used for anything else.
    /// </summary>
    public bool IsSent { get; private set; }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(body, cancellationToken);
        IsSent = true;
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
