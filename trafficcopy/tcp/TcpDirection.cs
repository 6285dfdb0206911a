namespace Pressure.TrafficCopy;

/// <summary>What is known of where a direction stands.</summary>
internal enum Standing
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>A segment or an acknowledgement was seen, but others of before may still come: what comes is held.</summary>
    Near,

    /// <summary>The next byte's number.</summary>
    Exact,
}

/// <summary>
/// One direction of a connection. Positions are sequence numbers that do not wrap: their lower 32 bits are those on the wire.
/// <code>
///   Start              MissFrom  MissTo            Next        held.Start  held.End          FinAt
///     |  handed on  ...   |  lost  |   handed on     |   hole      |  held    |   ...          |
/// </code>
/// </summary>
internal sealed class TcpDirection
{
    /// <summary>No position, and before all others. Sums with it do not overflow.</summary>
    public const long Nowhere = long.MinValue / 4;

    /// <summary>Farther ahead or behind than a window can be: of another connection, or made up.</summary>
    public const long Reach = 1 << 30;

    /// <summary>As far as a window usually is.</summary>
    public const long Window = 8 << 20;

    public Standing Standing { get; private set; }

    /// <summary>Whether any segment of it was captured.</summary>
    public bool IsSeen { get; set; }

    /// <summary>Its first byte.</summary>
    public long Start { get; private set; }

    /// <summary>The byte that is waited for; while <see cref="Standing.Near"/> one somewhere near it.</summary>
    public long Next { get; set; }

    /// <summary>The first and the farthest that the other side acknowledged.</summary>
    public long FirstAcked { get; private set; }

    public long Acked { get; private set; }

    /// <summary>The last acknowledged number as it was on the wire.</summary>
    public uint LastAcked { get; set; }

    /// <summary>Acknowledged, but never to come and perhaps never there: a FIN that was not captured looks like one byte.</summary>
    public long Waived { get; set; }

    /// <summary>Its end, when a FIN told.</summary>
    public long FinAt { get; set; }

    /// <summary>When that came, and what it acknowledged.</summary>
    public long FinSeenAt { get; set; }

    public long FinAcknowledged { get; set; }

    /// <summary>Whether its end was reached.</summary>
    public bool IsFinished { get; set; }

    /// <summary>The last stretch that was given up.</summary>
    public long MissFrom { get; set; }

    public long MissTo { get; set; }

    /// <summary>What is held; null while there is nothing.</summary>
    public HeldPieces? Held { get; set; }

    public RecentSegments Recent;

    /// <summary>How far it was when its connection began to wait.</summary>
    public long WaitNext { get; set; }

    public long WaitAcked { get; set; }

    public bool HasHeld => Held is { Count: > 0 };

    public bool IsExact => Standing == Standing.Exact;

    public void Clear()
    {
        Standing = Standing.Unknown;
        (IsSeen, IsFinished) = (false, false);
        (Start, Next, FinSeenAt, LastAcked) = (0, 0, 0, 0);
        (FirstAcked, Acked, Waived, FinAt, FinAcknowledged) = (Nowhere, Nowhere, Nowhere, Nowhere, Nowhere);
        (MissFrom, MissTo, WaitNext, WaitAcked) = (Nowhere, Nowhere, Nowhere, Nowhere);
        Held = null;
        Recent = default;
    }

    /// <summary>The position of a number on the wire.</summary>
    public long Place(uint sequence) => Next + (int)(sequence - (uint)Next);

    /// <summary>Something of it was seen: until its standing is exact, positions are counted from there.</summary>
    public void ComeNear(uint sequence)
    {
        if (Standing != Standing.Unknown)
            return;
        Standing = Standing.Near;
        // Far enough from 0 that what came before has a position too.
        Next = sequence + (1L << 32);
    }

    /// <summary>Its first byte is known.</summary>
    public void Begin(uint sequence)
    {
        ComeNear(sequence);
        Begin(Place(sequence));
    }

    public void Begin(long position)
    {
        // What was acknowledged of another beginning tells nothing.
        if (IsExact && position != Start)
            (FirstAcked, Acked, Waived) = (Nowhere, Nowhere, Nowhere);
        Standing = Standing.Exact;
        Start = Next = position;
    }

    /// <summary>Notes what the other side acknowledged; its position, or nowhere when it can't be true.</summary>
    public long Acknowledge(uint sequence)
    {
        ComeNear(sequence);
        var position = Place(sequence);
        if (position - Next > Reach)
            return Nowhere;
        LastAcked = sequence;
        if (FirstAcked == Nowhere || position < FirstAcked)
            FirstAcked = position;
        Acked = Math.Max(Acked, position);
        return position;
    }

    /// <summary>
    /// Where it begins, as far as is known while near: with the lowest that came. An acknowledgement of before tells of bytes that were sent, and captured by
    /// nobody.
    /// </summary>
    public long Lowest
    {
        get
        {
            var lowest = HasHeld ? Held!.First.Start : FinAt;
            if (lowest == Nowhere)
                return FirstAcked != Nowhere ? FirstAcked : Next;
            return FirstAcked != Nowhere && FirstAcked < lowest && lowest - FirstAcked <= Window ? FirstAcked : lowest;
        }
    }
}
