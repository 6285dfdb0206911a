using System.Buffers;
using System.IO.Pipelines;
using Pressure.Agent;

namespace Pressure.Web.Access;

/// <summary>
/// An agent's messages, one at a time, whole. While none comes it holds no buffer: with fifty thousand agents that is what memory would go to.
/// </summary>
internal sealed class IncomingFrames(PipeReader input, OutgoingFrames output)
{
    /// <summary>A heartbeat's only byte.</summary>
    private static readonly byte[] Heartbeat = [0];

    private ReadOnlySequence<byte> _bytes;
    private byte[]? _rented;
    private int _length;
    private bool _inPieces;
    private bool _unread = true;
    private bool _completed;

    /// <summary>Control frames since the last message; they count as frames too.</summary>
    public int Controls { get; private set; }

    /// <summary>The next message, good until the next call; null at the end.</summary>
    /// <exception cref="InvalidDataException">What comes is no WebSocket, or longer than a frame may be.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken stop)
    {
        Controls = 0;
        if (!_inPieces)
            Release();
        while (true)
        {
            if (!_unread)
            {
                while (WebSocketFrame.TryRead(ref _bytes, FrameCodec.MaxBytes - _length, out var frame))
                {
                    if (frame.Opcode == WebSocketOpcode.Close)
                        return null;
                    if (frame.Opcode >= WebSocketOpcode.Close)
                        Control(frame);
                    else if (Message(frame) is { } message)
                        return message;
                    if (Controls > 100)
                        throw new InvalidDataException("Too many control frames in a row.");
                }
                input.AdvanceTo(_bytes.Start, _bytes.End);
                _unread = true;
                if (_completed)
                    return null;
            }
            var read = await input.ReadAsync(stop);
            (_bytes, _completed, _unread) = (read.Buffer, read.IsCompleted, false);
            if (read.IsCanceled)
                return null;
        }
    }

    /// <summary>Leaves out whatever comes next; false at the end.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<bool> SkipAsync()
    {
        if (!_unread)
            input.AdvanceTo(_bytes.End);
        _unread = true;
        if (_completed)
            return false;
        var read = await input.ReadAsync();
        input.AdvanceTo(read.Buffer.End);
        return !read.IsCompleted;
    }

    /// <summary>Gives the buffers back.</summary>
    public void Release()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
        _length = 0;
    }

    private void Control(WebSocketFrame frame)
    {
        Controls++;
        if (frame.Opcode != WebSocketOpcode.Ping)
            return;
        Span<byte> payload = stackalloc byte[125];
        frame.CopyTo(payload);
        output.Pong(payload[..(int)frame.Payload.Length]);
    }

    private ReadOnlyMemory<byte>? Message(WebSocketFrame frame)
    {
        if (_inPieces != (frame.Opcode == WebSocketOpcode.Continuation))
            throw new InvalidDataException("A message begins within another, or goes on without a beginning.");
        var length = (int)frame.Payload.Length;
        if (frame.IsLast && !_inPieces && length == 1 && (frame.Payload.FirstSpan[0] ^ (byte)frame.Mask) == Heartbeat[0])
            return Heartbeat;
        Grow(_length + length);
        frame.CopyTo(_rented.AsSpan(_length, length));
        _length += length;
        _inPieces = !frame.IsLast;
        return frame.IsLast ? _rented.AsMemory(0, _length) : null;
    }

    private void Grow(int length)
    {
        if (_rented is not null && _rented.Length >= length)
            return;
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(length, 16));
        if (_rented is not null)
        {
            _rented.AsSpan(0, _length).CopyTo(grown);
            ArrayPool<byte>.Shared.Return(_rented);
        }
        _rented = grown;
    }
}
