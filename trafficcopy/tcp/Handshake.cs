namespace Pressure.TrafficCopy;

/// <summary>What a SYN means for a connection that is known already.</summary>
internal static class Handshake
{
    // So far before the first byte that was known a SYN may stand that comes late.
    private const long LateReach = 64 << 10;

    /// <summary>Takes a SYN; false when it is that of another connection.</summary>
    public static bool TryTake(TcpConnection connection, TcpDirection mine, in TcpSegment segment)
    {
        var other = connection.Other(mine);
        var isAnswer = (segment.Flags & TcpFlags.Ack) != 0;
        if (!Joins(connection, mine, segment.Sequence + 1, isAnswer) || isAnswer && !Answers(other, segment.Acknowledged))
            return false;
        if (!mine.IsExact || mine.Next == mine.Start && !mine.HasHeld)
            mine.Begin(segment.Sequence + 1);
        if (isAnswer && !other.IsExact)
            other.Begin(segment.Acknowledged);
        if (connection is { SawSyn: false, WasOpened: false })
        {
            connection.SawSyn = true;
            connection.IsClientForward = ReferenceEquals(isAnswer ? other : mine, connection.Forward);
        }
        return true;
    }

    /// <summary>Whether a direction may begin there.</summary>
    private static bool Joins(TcpConnection connection, TcpDirection mine, uint first, bool isAnswer) => mine.Standing switch
    {
        Standing.Unknown => true,
        Standing.Near => mine.Lowest - mine.Place(first) is >= 0 and <= TcpDirection.Window,
        _ => first == (uint)mine.Start
            || !connection.SawSyn && (uint)mine.Start - first <= LateReach
            // A server that answers anew, with another number: what counts is what the client asked.
            || isAnswer && mine.Next == mine.Start && !mine.HasHeld && !mine.IsFinished,
    };

    /// <summary>Whether an answer is one to this connection's SYN, with data or without.</summary>
    private static bool Answers(TcpDirection other, uint acknowledged) => other.Standing switch
    {
        Standing.Unknown => true,
        Standing.Near => other.Lowest - other.Place(acknowledged) is >= 0 and <= TcpDirection.Window,
        _ => acknowledged - (uint)other.Start <= TcpDirection.Window,
    };
}
