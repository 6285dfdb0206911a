using System.Buffers;
using Pressure.Agent;

namespace Pressure.Web.Access;

/// <summary>
/// What is to be sent to one agent: written at once if nothing else is being written, else kept in a bounded queue. An agent that takes nothing is put
/// off by <see cref="IsStalled"/> or by the bound. Thread-safe.
/// </summary>
internal sealed class OutgoingFrames(Stream output, int maxBytes, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Queue<byte[]>? _waiting;
    private int _bytes;
    private long _since;
    private bool _writing;
    private bool _ended;
    private bool _over;

    /// <summary>Whether the agent has let more pile up than it may.</summary>
    public bool IsOverfull => Volatile.Read(ref _over);

    /// <summary>Whether one write has lasted longer than this.</summary>
    public bool IsStalled(TimeSpan longest)
    {
        lock (_gate)
            return _writing && time.GetElapsedTime(_since) > longest;
    }

    /// <summary>Sends a frame, without waiting; false if none is taken any more.</summary>
    public bool Post(Frame frame) => Post(Message(frame));

    /// <summary>The last frames: nothing is taken after them.</summary>
    public void PostLast(Frame? frame)
    {
        if (frame is not null)
            Post(frame);
        Post([0x88, 0]);
        lock (_gate)
            _ended = true;
    }

    /// <summary>Answers a ping.</summary>
    public void Pong(ReadOnlySpan<byte> payload)
    {
        var pong = new byte[2 + payload.Length];
        WebSocketFrame.WriteHeader(pong, WebSocketOpcode.Pong, payload.Length);
        payload.CopyTo(pong.AsSpan(2));
        Post(pong);
    }

    private bool Post(byte[] message)
    {
        lock (_gate)
        {
            if (_ended)
                return false;
            if (_writing)
            {
                if (_bytes + message.Length > maxBytes)
                {
                    _over = _ended = true;
                    return false;
                }
                (_waiting ??= new Queue<byte[]>()).Enqueue(message);
                _bytes += message.Length;
                return true;
            }
            _writing = true;
            _since = time.GetTimestamp();
        }
        _ = WriteAsync(message);
        return true;
    }

    private async Task WriteAsync(byte[] message)
    {
        try
        {
            for (byte[]? next = message; next is not null; next = Next())
                await output.WriteAsync(next).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The connection is gone; its reading side notices and ends it.
            End();
        }
    }

    private byte[]? Next()
    {
        lock (_gate)
        {
            if (_waiting is not { Count: > 0 })
            {
                _waiting = null;
                _writing = false;
                return null;
            }
            var next = _waiting.Dequeue();
            _bytes -= next.Length;
            _since = time.GetTimestamp();
            return next;
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _ended = true;
            _writing = false;
            _waiting = null;
        }
    }

    private static byte[] Message(Frame frame)
    {
        var json = new ArrayBufferWriter<byte>(256);
        FrameCodec.Write(frame, json);
        var message = new byte[10 + json.WrittenCount];
        var header = WebSocketFrame.WriteHeader(message, WebSocketOpcode.Binary, json.WrittenCount);
        json.WrittenSpan.CopyTo(message.AsSpan(header));
        return message.Length == header + json.WrittenCount ? message : message[..(header + json.WrittenCount)];
    }
}
