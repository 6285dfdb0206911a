using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>One direction of a stream: a request, or a response.</summary>
internal sealed class Http2Message(MemoryAllowance memory, int limit)
{
    private HeldBytes _body;
    private byte[] _head = [];
    private long _headCost;

    /// <summary>First byte; 0 before it.</summary>
    public long At { get; private set; }

    /// <summary>Last byte.</summary>
    public long End { get; private set; }

    /// <summary>Nothing of it follows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether a part of it is missing.</summary>
    public bool IsIncomplete { get; set; }

    /// <summary>Whether its body was cut to the limit.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether its head is there.</summary>
    public bool HasHead => _head.Length > 0;

    private long BodyLength { get; set; }

    /// <summary>What is handed on.</summary>
    public CapturedMessage Captured => new(_head, _body.Part(0, _body.Length), BodyLength);

    /// <summary>Something of it came.</summary>
    public void Touch(long at)
    {
        At = At == 0 ? at : At;
        End = at;
    }

    /// <summary>Its head came; false if there is no room for it.</summary>
    public bool TrySetHead(ArrayBufferWriter<byte> written)
    {
        if (!memory.TryTake(written.WrittenCount))
            return false;
        (_head, _headCost) = (written.WrittenSpan.ToArray(), written.WrittenCount);
        return true;
    }

    /// <summary>A head that is known already.</summary>
    public void Begin(in CapturedMessage message, long at, long end)
    {
        (_head, At, End, BodyLength) = (message.Head.ToArray(), at, end, message.BodyLength);
        IsCut = !_body.TryAdd(message.Body.Span, memory) || message.Body.Length < message.BodyLength;
    }

    /// <summary>Part of its body came.</summary>
    public void AddBody(ReadOnlySpan<byte> bytes)
    {
        BodyLength += bytes.Length;
        var kept = bytes[..Math.Min(bytes.Length, Math.Max(0, limit - _body.Length))];
        // What follows a piece that was not kept must not join what came before it.
        if (IsCut || kept.Length < bytes.Length | !_body.TryAdd(kept, memory))
            IsCut = true;
    }

    /// <summary>Part of its body is missing.</summary>
    public void MissBody(long bytes)
    {
        BodyLength += bytes;
        IsIncomplete = true;
    }

    /// <summary>Nothing of it follows.</summary>
    public void Finish() => IsOver = true;

    /// <summary>Gives back what it holds.</summary>
    public void Close()
    {
        _body.Clear(memory);
        memory.Give(_headCost);
        (_head, _headCost) = ([], 0);
    }
}
