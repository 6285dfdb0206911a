namespace Pressure.TrafficCopy;

/// <summary>A TCP segment, taken out of its packet; valid during the call that hands it over.</summary>
public readonly ref struct TcpSegment
{
    /// <summary>When it was captured, in nanoseconds since 1970 (UTC).</summary>
    public required long At { get; init; }

    /// <summary>Whose it is.</summary>
    public required FlowKey Flow { get; init; }

    /// <summary>Number of its first byte.</summary>
    public required uint Sequence { get; init; }

    /// <summary>The next byte that its sender waits for; has a meaning with <see cref="TcpFlags.Ack"/> only.</summary>
    public required uint Acknowledged { get; init; }

    /// <summary>Its flags.</summary>
    public required TcpFlags Flags { get; init; }

    /// <summary>What was captured of its payload.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>How long its payload was on the wire; beyond <see cref="Payload"/> where the capture's snap length cut it off.</summary>
    public required int PayloadLength { get; init; }

    /// <summary>Identification of its IPv4 packet, which tells a copy from a retransmission; 0 when there is none (IPv6), or it is not known.</summary>
    public int IpId { get; init; }
}

/// <summary>Flags of a TCP segment, as in its header.</summary>
[Flags]
public enum TcpFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The sender will send no more.</summary>
    Fin = 1,

    /// <summary>A connection begins.</summary>
    Syn = 2,

    /// <summary>The connection is broken off.</summary>
    Rst = 4,

    /// <summary>Push.</summary>
    Psh = 8,

    /// <summary>The acknowledged number has a meaning.</summary>
    Ack = 16,
}

/// <summary>Takes TCP segments in the order in which they were captured, and what its packet's fate is.</summary>
public interface ISegmentSink
{
    /// <summary>
    /// Takes a segment; nothing of it may be kept without copying it. It counts the packet's fate in <see cref="CaptureAccounts"/>, and its payload
    /// (<see cref="CaptureAccounts.PayloadBytes"/>) with what becomes of it; the packet as such was counted by whoever hands it over.
    /// </summary>
    void Take(in TcpSegment segment);
}
