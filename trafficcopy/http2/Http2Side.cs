namespace Pressure.TrafficCopy;

/// <summary>One direction of an HTTP/2 connection: its frames, and the fields that it puts together of several.</summary>
internal sealed class Http2Side : IHttp2Frames
{
    private const int LongestBlock = 256 << 10;

    private readonly Http2Conversation _of;
    private readonly Side _from;
    private readonly MemoryAllowance _memory;
    private readonly Http2Frames _frames;
    private readonly HpackDecoder _decoder = new();
    private HeldBytes _block;
    private Http2Frame _blockOf;
    private bool _isInBlock;

    public Http2Side(Http2Conversation of, Side from, MemoryAllowance memory, int toSkip) =>
        (_of, _from, _memory, _frames) = (of, from, memory, new Http2Frames(this, memory, toSkip));

    /// <summary>It can't be decoded any more.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Takes the next bytes; whether they could be read.</summary>
    public bool TryTake(ReadOnlySpan<byte> bytes)
    {
        // Not with |=, which would forget what was found out on the way: fields that can't be decoded.
        if (!_frames.TryTake(bytes))
            IsLost = true;
        return !IsLost;
    }

    /// <summary>Bytes are missing; false if what follows can't be decoded.</summary>
    public bool TryMiss(long count)
    {
        if (!_frames.TryMiss(count))
            IsLost = true;
        return !IsLost;
    }

    public void Close()
    {
        _frames.Close();
        _block.Clear(_memory);
    }

    void IHttp2Frames.TakeData(in Http2Frame frame, ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (!IsLost)
            _of.TakeData(_from, frame.Stream, bytes, isLast && frame.EndsStream);
    }

    void IHttp2Frames.MissData(in Http2Frame frame, long count, bool isLast)
    {
        if (!IsLost)
            _of.MissData(_from, frame.Stream, count, isLast && frame.EndsStream);
    }

    void IHttp2Frames.TakeFrame(in Http2Frame frame, ReadOnlySpan<byte> payload)
    {
        if (IsLost)
            return;
        if (frame.Kind == Http2FrameKind.Reset)
        {
            _of.Reset(frame.Stream);
            return;
        }
        if (_isInBlock != (frame.Kind == Http2FrameKind.Continuation))
        {
            IsLost = true;
            return;
        }
        var skipped = frame.Kind switch
        {
            Http2FrameKind.Headers when (frame.Flags & Http2Flags.Priority) != 0 => 5,
            Http2FrameKind.PushPromise => 4,
            _ => 0,
        };
        if (frame.Kind != Http2FrameKind.Continuation)
            _blockOf = frame;
        if (payload.Length < skipped || _block.Length + payload.Length > LongestBlock || !_block.TryAdd(payload[skipped..], _memory))
        {
            IsLost = true;
            return;
        }
        _isInBlock = (frame.Flags & Http2Flags.EndHeaders) == 0;
        if (!_isInBlock)
            EndBlock();
    }

    private void EndBlock()
    {
        var fields = _decoder.Decode(_block.Span);
        _block.CutTo(0);
        if (fields is null)
            IsLost = true;
        else if (_blockOf.Kind == Http2FrameKind.Headers)
            _of.TakeFields(_from, _blockOf.Stream, fields, _blockOf.EndsStream);
    }
}
