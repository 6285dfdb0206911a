namespace Pressure.Agent;

/// <summary>How much an <see cref="EntryRing"/> keeps.</summary>
/// <param name="MaxBytes">Bytes of all segments together; the oldest goes when a new entry would not fit.</param>
/// <param name="SegmentBytes">Bytes at which a segment is full.</param>
public sealed record RingOptions(long MaxBytes, long SegmentBytes)
{
    /// <summary>64 MiB in segments of 4 MiB: hours of a busy host, days of a quiet one.</summary>
    public static RingOptions Default { get; } = new(64 << 20, 4 << 20);
}
