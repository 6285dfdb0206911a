using System.Buffers;
using System.Net.WebSockets;

namespace Pressure.Agent;

/// <summary>Frames over a WebSocket: one reader, any number of writers.</summary>
internal sealed class FrameSocket(WebSocket socket, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ArrayBufferWriter<byte> _out = new(4096);
    private readonly ArrayBufferWriter<byte> _in = new(4096);
    private long _lastSent = time.GetTimestamp();
    private long _lastHeard = time.GetTimestamp();

    /// <summary>How long nothing has been sent.</summary>
    public TimeSpan Quiet => time.GetElapsedTime(Volatile.Read(ref _lastSent));

    /// <summary>How long nothing has come.</summary>
    public TimeSpan Unheard => time.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>Sends a frame that is made when its turn has come, so that what it tells of the time is fresh.</summary>
    public Task SendAsync(Func<Frame> make, CancellationToken stop) => SendAsync(to => FrameCodec.Write(make(), to), stop);

    /// <summary>Sends a frame.</summary>
    public Task SendAsync(Frame frame, CancellationToken stop) => SendAsync(to => FrameCodec.Write(frame, to), stop);

    /// <summary>Sends a frame as bytes.</summary>
    /// <exception cref="WebSocketException">The connection is broken.</exception>
    /// <exception cref="InvalidDataException">The frame is too long; nothing was sent.</exception>
    public async Task SendAsync(Action<IBufferWriter<byte>> write, CancellationToken stop)
    {
        await _sending.WaitAsync(stop);
        try
        {
            _out.ResetWrittenCount();
            write(_out);
            if (_out.WrittenCount > FrameCodec.MaxBytes)
                throw new InvalidDataException($"A frame of {_out.WrittenCount} bytes is longer than {FrameCodec.MaxBytes}.");
            await socket.SendAsync(_out.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, stop);
            Volatile.Write(ref _lastSent, time.GetTimestamp());
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next frame; null when the other side has closed.</summary>
    /// <exception cref="WebSocketException">The connection is broken.</exception>
    /// <exception cref="InvalidDataException">What came is no frame.</exception>
    public async Task<Frame?> ReceiveAsync(CancellationToken stop)
    {
        _in.ResetWrittenCount();
        while (true)
        {
            var part = await socket.ReceiveAsync(_in.GetMemory(1024), stop);
            Volatile.Write(ref _lastHeard, time.GetTimestamp());
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            _in.Advance(part.Count);
            if (_in.WrittenCount > FrameCodec.MaxBytes)
                throw new InvalidDataException($"The centre sends a frame of more than {FrameCodec.MaxBytes} bytes.");
            if (part.EndOfMessage)
                return FrameCodec.Read(_in.WrittenSpan);
        }
    }

    /// <summary>Says that nothing more comes.</summary>
    public async Task CloseAsync(CancellationToken stop)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
    }

    public void Dispose()
    {
        socket.Dispose();
        _sending.Dispose();
    }
}
