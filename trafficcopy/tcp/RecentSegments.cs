using System.Runtime.CompilerServices;

namespace Pressure.TrafficCopy;

/// <summary>The last segments of a direction, to tell the same packet on another interface from one that was sent again.</summary>
internal struct RecentSegments
{
    private const int Kept = 8;

    // A copy passes the next interface within moments, and has the packet's identification; without one only a segment that nobody could have sent
    // again so soon is a copy.
    private const long CopyTime = 50_000_000;
    private const long CopyTimeWithoutId = 1_000_000;

    private Entries _entries;
    private int _next;

    public void Note(in TcpSegment segment)
    {
        _entries[_next] = (MarkOf(segment), segment.At);
        _next = (_next + 1) & (Kept - 1);
    }

    /// <summary>Whether it is one of them, once more.</summary>
    public readonly bool Holds(in TcpSegment segment)
    {
        var mark = MarkOf(segment);
        for (var i = 0; i < Kept; i++)
        {
            if (_entries[i].Mark == mark)
                return IsWithin(segment.At - _entries[i].At, segment.IpId != 0 ? CopyTime : CopyTimeWithoutId);
        }
        return false;
    }

    // Times may be anything: nothing here may overflow.
    private static bool IsWithin(long difference, long time) => unchecked((ulong)(difference + time)) <= (ulong)(2 * time);

    private static long MarkOf(in TcpSegment segment)
    {
        var place = (ulong)segment.Sequence << 32 | segment.Acknowledged;
        var rest = (ulong)(uint)segment.PayloadLength << 32 | (ulong)(uint)segment.IpId << 8 | (byte)segment.Flags;
        // Never 0, which is an empty place.
        return (long)((place ^ rest * 0x9E37_79B9_7F4A_7C15) | 1);
    }

    [InlineArray(Kept)]
    private struct Entries
    {
        private (long Mark, long At) _first;
    }
}
