using Pressure.Record;

namespace Pressure.Agent;

/// <summary>A place in a ring that moves forward from record to record, also while segments come and go.</summary>
internal sealed class RingReader(List<RingSegment> segments)
{
    private long _segment = -1;
    private long _offset;
    private long _counted;

    /// <summary>Number of the entry at this place.</summary>
    public long Number { get; private set; } = -1;

    /// <summary>Entries passed over because they are damaged, each counted once.</summary>
    public long Damaged { get; private set; }

    /// <summary>Goes to an entry.</summary>
    public void Seek(long number)
    {
        if (number == Number)
            return;
        var segment = segments.FindLast(s => s.First <= number) ?? segments[0];
        (_segment, _offset, Number) = (segment.First, 0, segment.First);
        while (Number < number && segment.Behind(_offset) is { } behind)
            (_offset, Number) = (behind, Number + 1);
    }

    /// <summary>
    /// The entry at this place, or the first sound one behind it, to where the place then moves; null if there is none. Behind a damaged record
    /// the rest of its segment can't be told apart any more.
    /// </summary>
    public byte[]? Peek()
    {
        while (true)
        {
            var at = segments.FindIndex(s => s.First == _segment);
            if (at < 0)
            {
                var wanted = Number;
                Number = -1;
                Seek(Math.Max(wanted, segments[0].First));
                continue;
            }
            var segment = segments[at];
            if (Number < segment.End)
            {
                if (segment.Record(_offset) is { } payload)
                    return payload;
                Damaged += Math.Max(0, segment.End - Math.Max(Number, _counted));
                _counted = Math.Max(_counted, segment.End);
                (_offset, Number) = (segment.Length, segment.End);
            }
            if (at == segments.Count - 1)
                return null;
            (_segment, _offset, Number) = (segments[at + 1].First, 0, segments[at + 1].First);
        }
    }

    /// <summary>Goes behind the entry that was peeked at.</summary>
    public void Pass(byte[] payload) => (_offset, Number) = (_offset + LogFormat.HeaderLength + payload.Length, Number + 1);
}
