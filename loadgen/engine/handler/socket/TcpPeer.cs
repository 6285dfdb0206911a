using System.Buffers;
using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// A TCP connection. A stream has no messages: what is looked at is all that has come since the last that was expected, up to the end
/// of the text that is looked for, if there is one.
/// </summary>
internal sealed class TcpPeer(Socket socket, Stream stream) : PeerConnection
{
    private const int BufferBytes = 16 * 1024;

    private readonly ByteBuffer _pending = new();

    /// <inheritdoc/>
    public override async Task<Received> ExpectAsync(Match match, CancellationToken cancel)
    {
        byte[]? last = null;
        var (passed, bytes) = (0, 0L);
        try
        {
            while (true)
            {
                while (_pending.Length > 0 && match.EndIn(_pending.Written) is var end and >= 0)
                {
                    var candidate = _pending.Written[..end].ToArray();
                    if (match.Holds(candidate))
                    {
                        Drop(end);
                        return new(RequestError.None, candidate, passed, bytes);
                    }

                    // Without a text to look for, the rest may still come.
                    if (end == _pending.Length)
                        break;
                    Drop(end);
                    (last, passed) = (candidate, passed + 1);
                }

                if (await Inbox.TakeAsync(cancel) is not { } piece)
                    return new(_pending.Length > 0 && Inbox.Ended == RequestError.ClosedBeforeResponse ? RequestError.ResponseTruncated : Inbox.Ended, Rest(last), passed, bytes);
                bytes += piece.Length;
                _pending.Write(piece);
                if (_pending.Length > LongestMessage)
                    return new(RequestError.MessageTooLarge, Rest(last), passed, bytes);
            }
        }
        catch (OperationCanceledException)
        {
            return new(passed > 0 || _pending.Length > 0 ? RequestError.ExpectationFailed : RequestError.ResponseTimeout, Rest(last), passed, bytes);
        }
    }

    /// <inheritdoc/>
    protected override async Task<RequestError> PumpAsync()
    {
        while (true)
        {
            // An empty buffer waits without memory of its own.
            await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            try
            {
                var count = await stream.ReadAsync(buffer, CancellationToken.None);
                if (count == 0)
                    return RequestError.ClosedBeforeResponse;
                await Inbox.AddAsync(buffer[..count]);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task WriteAsync(ReadOnlyMemory<byte> message, bool isText, CancellationToken cancel) => await stream.WriteAsync(message, cancel);

    /// <inheritdoc/>
    protected override Task EndAsync(Task pumping, CancellationToken cancel)
    {
        socket.Shutdown(SocketShutdown.Both);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Release() => stream.Dispose();

    private byte[]? Rest(byte[]? last) => _pending.Length > 0 ? _pending.Written.ToArray() : last;

    private void Drop(int length)
    {
        var rest = _pending.Written[length..].ToArray();
        _pending.Truncate(0);
        _pending.Write(rest);
    }
}
