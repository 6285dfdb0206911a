namespace Pressure.TrafficCopy;

/// <summary>What one segment's payload was made of.</summary>
internal struct PayloadTally
{
    /// <summary>Bytes that nobody had brought before, handed on or held.</summary>
    public int New;

    /// <summary>Bytes that were known.</summary>
    public int Known;

    /// <summary>Bytes that were known with another value.</summary>
    public int Conflicting;

    /// <summary>Bytes for which it is too late, or that are outside of everything.</summary>
    public int Late;

    /// <summary>The packet's fate, if it is no copy.</summary>
    public readonly PacketFate Fate =>
        New > 0 ? PacketFate.Used
        : Known + Conflicting == 0 ? PacketFate.OutOfPlace
        : Known + Conflicting + Late <= 1 ? PacketFate.KeepAlive
        : PacketFate.Retransmitted;
}
