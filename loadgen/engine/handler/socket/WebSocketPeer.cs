using System.Buffers;
using System.Net.WebSockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>An open WebSocket; pings are answered as they come.</summary>
internal sealed class WebSocketPeer(WebSocket socket) : PeerConnection
{
    private const int BufferBytes = 16 * 1024;

    /// <inheritdoc/>
    public override async Task<Received> ExpectAsync(Match match, CancellationToken cancel)
    {
        byte[]? last = null;
        var (passed, bytes) = (0, 0L);
        try
        {
            while (await Inbox.TakeAsync(cancel) is { } message)
            {
                bytes += message.Length;
                if (match.EndIn(message) >= 0 && match.Holds(message))
                    return new(RequestError.None, message, passed, bytes);
                (last, passed) = (message, passed + 1);
            }

            return new(Inbox.Ended, last, passed, bytes);
        }
        catch (OperationCanceledException)
        {
            return new(passed > 0 ? RequestError.ExpectationFailed : RequestError.ResponseTimeout, last, passed, bytes);
        }
    }

    /// <inheritdoc/>
    protected override async Task<RequestError> PumpAsync()
    {
        try
        {
            while (true)
            {
                // An empty buffer waits without memory of its own: most connections are silent most of the time.
                var first = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (first.MessageType == WebSocketMessageType.Close)
                    return RequestError.ClosedBeforeResponse;
                var (message, error) = first.EndOfMessage ? ([], RequestError.None) : await ReadMessageAsync();
                if (message is null)
                    return error;
                await Inbox.AddAsync(message);
            }
        }
        catch (WebSocketException e)
        {
            return ErrorOf(e, begun: false);
        }
    }

    /// <inheritdoc/>
    protected override async Task WriteAsync(ReadOnlyMemory<byte> message, bool isText, CancellationToken cancel) =>
        await socket.SendAsync(message, isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, cancel);

    /// <inheritdoc/>
    protected override async Task EndAsync(Task pumping, CancellationToken cancel)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel);
        await pumping.WaitAsync(cancel);
    }

    /// <inheritdoc/>
    protected override void Release() => socket.Dispose();

    private async Task<(byte[]? Message, RequestError Error)> ReadMessageAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var length = 0;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += part.Count;
                if (part.MessageType == WebSocketMessageType.Close)
                    return (null, RequestError.ResponseTruncated);
                if (length > LongestMessage)
                    return (null, RequestError.MessageTooLarge);
                if (part.EndOfMessage)
                    return (buffer[..length], RequestError.None);
                if (length == buffer.Length)
                    buffer = Grow(buffer);
            }
        }
        catch (WebSocketException e)
        {
            return (null, ErrorOf(e, begun: true));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var longer = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(longer, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return longer;
    }

    private static RequestError ErrorOf(WebSocketException e, bool begun) => e.WebSocketErrorCode switch
    {
        WebSocketError.ConnectionClosedPrematurely or WebSocketError.InvalidState => begun ? RequestError.ResponseTruncated : RequestError.ClosedBeforeResponse,
        _ => RequestError.MalformedResponse,
    };
}
