using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>What a frame is.</summary>
internal enum Http2FrameKind
{
    Data = 0,
    Headers = 1,
    Reset = 3,
    PushPromise = 5,
    Continuation = 9,
}

/// <summary>Flags of frames; those that look alike mean different things in different kinds, which are not told apart here.</summary>
[Flags]
internal enum Http2Flags
{
    None = 0,
    EndStream = 1,
    EndHeaders = 4,
    Padded = 8,
    Priority = 32,
}

/// <summary>A frame's header.</summary>
internal readonly record struct Http2Frame(Http2FrameKind Kind, Http2Flags Flags, int Stream)
{
    public bool EndsStream => Kind is Http2FrameKind.Data or Http2FrameKind.Headers && (Flags & Http2Flags.EndStream) != 0;
}

/// <summary>Takes what a direction's frames bring.</summary>
internal interface IHttp2Frames
{
    /// <summary>Part of a DATA frame, padding left out; the last one of the frame may be empty.</summary>
    void TakeData(in Http2Frame frame, ReadOnlySpan<byte> bytes, bool isLast);

    /// <summary>Bytes of a DATA frame are missing; what follows them is the frame's rest, or the next frame.</summary>
    void MissData(in Http2Frame frame, long count, bool isLast);

    /// <summary>A HEADERS, PUSH_PROMISE, CONTINUATION or RST_STREAM frame, padding left out.</summary>
    void TakeFrame(in Http2Frame frame, ReadOnlySpan<byte> payload);
}

/// <summary>Takes one direction's bytes apart into frames (RFC 9113, 4), wherever they are cut. DATA passes by; other frames are put together first.</summary>
internal sealed class Http2Frames(IHttp2Frames to, MemoryAllowance memory, int toSkip)
{
    private const int HeaderBytes = 9;

    /// <summary>A frame of fields that is longer is not read.</summary>
    private const int LongestFields = 256 << 10;

    private HeldBytes _held;
    private Http2Frame _frame;
    private int _toSkip = toSkip;
    private int _data;
    private int _padding;
    private bool _isInData;
    private bool _needsPadLength;

    /// <summary>Takes the next bytes; false if they are no frames, or too long.</summary>
    public bool TryTake(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_toSkip > 0)
                Skip(ref bytes);
            else if (_isInData)
                PassData(ref bytes);
            else if (!TryGather(ref bytes))
                return false;
        }
        return true;
    }

    /// <summary>Whether missing bytes are all of a frame's data: then only they are missing.</summary>
    public bool TryMiss(long count)
    {
        if (_toSkip >= count)
        {
            _toSkip -= (int)count;
            return true;
        }
        if (!_isInData || _needsPadLength || count > _data)
            return false;
        _data -= (int)count;
        to.MissData(_frame, count, isLast: _data == 0);
        EndData();
        return true;
    }

    /// <summary>Gives back what is held.</summary>
    public void Close() => _held.Clear(memory);

    private void Skip(ref ReadOnlySpan<byte> bytes)
    {
        var skipped = Math.Min(_toSkip, bytes.Length);
        bytes = bytes[skipped..];
        _toSkip -= skipped;
    }

    private void PassData(ref ReadOnlySpan<byte> bytes)
    {
        if (_needsPadLength)
        {
            _padding = Math.Min(bytes[0], _data - 1);
            _data -= 1 + _padding;
            _needsPadLength = false;
            bytes = bytes[1..];
        }
        var piece = bytes[..Math.Min(_data, bytes.Length)];
        bytes = bytes[piece.Length..];
        _data -= piece.Length;
        to.TakeData(_frame, piece, isLast: _data == 0);
        EndData();
    }

    private void EndData()
    {
        if (_data > 0)
            return;
        (_isInData, _toSkip, _padding) = (false, _padding, 0);
    }

    /// <summary>A frame's header, then the whole frame unless it is of data or of no interest.</summary>
    private bool TryGather(ref ReadOnlySpan<byte> bytes)
    {
        var length = _held.Length >= HeaderBytes ? PayloadOf(_held.Span) : 0;
        var wanted = HeaderBytes + length - _held.Length;
        var piece = bytes[..Math.Min(wanted, bytes.Length)];
        if (!_held.TryAdd(piece, memory))
            return false;
        bytes = bytes[piece.Length..];
        if (_held.Length < HeaderBytes)
            return true;
        return _held.Length == HeaderBytes && (piece.Length > 0 || length == 0) ? TryBegin() : TryEnd();
    }

    private bool TryBegin()
    {
        var header = _held.Span;
        var length = PayloadOf(header);
        _frame = new((Http2FrameKind)header[3], (Http2Flags)header[4], (int)(BinaryPrimitives.ReadUInt32BigEndian(header[5..]) & 0x7FFFFFFF));
        switch (_frame.Kind)
        {
            case Http2FrameKind.Data:
                _held.CutTo(0);
                (_isInData, _data, _needsPadLength) = (length > 0, length, length > 0 && (_frame.Flags & Http2Flags.Padded) != 0);
                if (length == 0)
                    to.TakeData(_frame, default, isLast: true);
                return true;
            case Http2FrameKind.Headers or Http2FrameKind.PushPromise or Http2FrameKind.Continuation or Http2FrameKind.Reset:
                return length <= LongestFields && (length > 0 || TryEnd());
            default:
                _held.CutTo(0);
                _toSkip = length;
                return true;
        }
    }

    private bool TryEnd()
    {
        var length = PayloadOf(_held.Span);
        if (_held.Length < HeaderBytes + length)
            return true;
        var payload = _held.Span.Slice(HeaderBytes, length);
        if (_frame.Kind is Http2FrameKind.Headers or Http2FrameKind.PushPromise && (_frame.Flags & Http2Flags.Padded) != 0)
        {
            if (payload.IsEmpty || payload[0] >= payload.Length)
                return false;
            payload = payload[1..^payload[0]];
        }
        to.TakeFrame(_frame, payload);
        _held.CutTo(0);
        return true;
    }

    private static int PayloadOf(ReadOnlySpan<byte> header) => (header[0] << 16) | (header[1] << 8) | header[2];
}
