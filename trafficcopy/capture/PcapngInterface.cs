namespace Pressure.TrafficCopy;

/// <summary>An interface of a pcapng section: its link, how its times are counted, and what it dropped.</summary>
internal sealed class PcapngInterface
{
    private const long Second = 1_000_000_000;
    private const ulong Believable = 1UL << 50;

    private ulong _droppedByPackets;
    private ulong _droppedByStatistics;

    /// <summary>What its packets begin with.</summary>
    public required LinkType Link { get; init; }

    /// <summary>Most bytes kept of a packet; 0 for all.</summary>
    public required uint Snap { get; init; }

    /// <summary>Its times' unit: 10 to the power of minus this, or with the highest bit 2 to the power of minus the rest. Microseconds unless it says otherwise.</summary>
    public byte Resolution { get; set; } = 6;

    /// <summary>Seconds to add to its times.</summary>
    public long Offset { get; set; }

    /// <summary>Packets dropped before anybody could keep them. Told by packets and by statistics, of which either may be missing; they are not added up.</summary>
    public long Dropped => (long)Math.Max(_droppedByPackets, _droppedByStatistics);

    /// <summary>A packet says how many were lost before it.</summary>
    public void LostBefore(ulong packets) => _droppedByPackets = Math.Min(Believable, _droppedByPackets + Math.Min(packets, Believable));

    /// <summary>Statistics, each of which tells of everything so far.</summary>
    public void LostSoFar(ulong packets) => _droppedByStatistics = Math.Max(_droppedByStatistics, Math.Min(packets, Believable));

    /// <summary>A time in nanoseconds since 1970; what is beyond the years that can be told is at their end.</summary>
    public long Time(ulong units)
    {
        var nanoseconds = Resolution switch
        {
            9 => (Int128)units,
            6 => (Int128)units * 1_000,
            < 9 => (Int128)units * PowerOfTen(9 - Resolution),
            < 0x80 => Resolution > 28 ? 0 : units / (UInt128)PowerOfTen(Resolution - 9) is var small ? (Int128)small : 0,
            _ => BinaryTime(units, Resolution & 0x7F),
        };
        nanoseconds += (Int128)Offset * Second;
        return nanoseconds < 0 ? 0 : nanoseconds > long.MaxValue ? long.MaxValue : (long)nanoseconds;
    }

    private static Int128 BinaryTime(ulong units, int bits) => bits >= 64 + 30 ? 0 : (Int128)((UInt128)units * Second >> bits);

    private static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (var i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
