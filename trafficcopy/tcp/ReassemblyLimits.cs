namespace Pressure.TrafficCopy;

/// <summary>How much a <see cref="Reassembler"/> may keep, and for how long. All times are those of the capture, not of whoever reads it.</summary>
public sealed record ReassemblyLimits
{
    /// <summary>
    /// Connections known at once. Beyond it those that are over go first, then the one that has been silent for longest. One that speaks HTTP takes some 2 KB.
    /// </summary>
    public int Connections { get; init; } = 65_536;

    /// <summary>Bytes of memory for what is held out of order, of all connections together.</summary>
    public long HeldBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of memory for what is held behind a gap, in one direction of one connection.</summary>
    public int HeldBytesPerGap { get; init; } = 8 << 20;

    /// <summary>Pieces held in one direction of one connection.</summary>
    public int HeldPieces { get; init; } = 8192;

    /// <summary>How much later than its successors a packet may have been captured: so long a gap stays open that the other side is known to have no more.</summary>
    public TimeSpan Reordering { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a gap stays open that nobody acknowledged: the sender may send it again.</summary>
    public TimeSpan Retransmission { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be silent.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a connection is remembered after its end, so that what comes late is not taken for a new one.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(10);
}
