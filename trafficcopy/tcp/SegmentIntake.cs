namespace Pressure.TrafficCopy;

/// <summary>What a segment brings to a connection that is known: greetings, acknowledgements, bytes, ends.</summary>
internal sealed class SegmentIntake(Delivery delivery, HeldMemory memory, CaptureAccounts accounts, ReassemblyLimits limits)
{
    private const int MostLength = 1 << 24;

    /// <summary>Takes a segment; its packet's fate, or null when it belongs to another connection between the same ends.</summary>
    public PacketFate? Take(TcpConnection connection, TcpDirection mine, in TcpSegment segment)
    {
        if ((segment.Flags & (TcpFlags.Syn | TcpFlags.Rst)) == TcpFlags.Syn)
        {
            if (!Handshake.TryTake(connection, mine, segment))
                return null;
        }
        else if (mine.IsExact && Math.Abs(mine.Place(segment.Sequence) - mine.Next) > TcpDirection.Reach)
        {
            accounts.Count(ByteFate.OutOfPlace, segment.Payload.Length);
            return PacketFate.OutOfPlace;
        }
        if ((segment.Flags & TcpFlags.Rst) != 0)
            return TakeReset(connection, mine, segment);
        return TakeOther(connection, mine, segment);
    }

    /// <summary>Takes a segment of a connection that is over; its packet's fate, or null when it belongs to a new one between the same ends.</summary>
    public PacketFate? TakeLate(TcpDirection mine, in TcpSegment segment)
    {
        var isGreeting = (segment.Flags & (TcpFlags.Syn | TcpFlags.Rst)) == TcpFlags.Syn;
        if (isGreeting && (mine.IsExact ? segment.Sequence + 1 != (uint)mine.Start : (segment.Flags & TcpFlags.Ack) == 0))
            return null;
        if (segment.Payload.IsEmpty)
            return FateWithoutPayload(mine, segment);
        var start = mine.Place(segment.Sequence);
        if (mine.IsExact && Math.Abs(start - mine.Next) > TcpDirection.Window)
            return null;
        var tally = default(PayloadTally);
        var old = mine.IsExact ? (int)Math.Clamp(mine.Next - start, 0, segment.Payload.Length) : 0;
        CountOld(mine, start, old, ref tally);
        tally.Late += segment.Payload.Length - old;
        return Counted(mine, segment, tally);
    }

    private static PacketFate FateWithoutPayload(TcpDirection mine, in TcpSegment segment)
    {
        // Acknowledgements are repeated on purpose, so that without an identification they are never taken for copies.
        var marks = segment.Flags & (TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst);
        if ((segment.IpId != 0 || marks != 0) && mine.Recent.Holds(segment))
            return PacketFate.CapturedTwice;
        mine.Recent.Note(segment);
        return marks == 0 && mine.IsExact && segment.Sequence + 1 == (uint)mine.Next ? PacketFate.KeepAlive : PacketFate.Control;
    }

    /// <summary>Counts bytes that stand before the one that is waited for: known, unless they were given up or never asked for.</summary>
    private static void CountOld(TcpDirection mine, long start, int length, ref PayloadTally tally)
    {
        var early = (int)Math.Clamp(mine.Start - start, 0, length);
        var missed = (int)Math.Max(0, Math.Min(mine.MissTo, start + length) - Math.Max(mine.MissFrom, start));
        tally.Late += Math.Min(length, early + missed);
        tally.Known += length - Math.Min(length, early + missed);
    }

    private PacketFate TakeOther(TcpConnection connection, TcpDirection mine, in TcpSegment segment)
    {
        mine.IsSeen = true;
        mine.ComeNear(segment.Sequence);
        var acknowledged = (segment.Flags & TcpFlags.Ack) != 0 ? connection.Other(mine).Acknowledge(segment.Acknowledged) : TcpDirection.Nowhere;
        var start = mine.Place(segment.Sequence) + ((segment.Flags & TcpFlags.Syn) != 0 ? 1 : 0);
        var length = Math.Clamp(segment.PayloadLength, segment.Payload.Length, Math.Max(MostLength, segment.Payload.Length));
        var tally = default(PayloadTally);
        if (length != 0)
            TakePayload(connection, mine, new HeldPiece { Start = start, Length = length, At = segment.At, Acknowledged = acknowledged }, segment.Payload, ref tally);
        if ((segment.Flags & TcpFlags.Fin) != 0)
            TakeFin(mine, start + length, acknowledged, segment.At);
        delivery.Drain(connection);
        KeepWithinLimits(connection, mine);
        return segment.Payload.IsEmpty ? FateWithoutPayload(mine, segment) : Counted(mine, segment, tally);
    }

    private static void TakeFin(TcpDirection mine, long at, long acknowledged, long time)
    {
        if (mine.FinAt == TcpDirection.Nowhere && (!mine.IsExact || at >= mine.Next))
            (mine.FinAt, mine.FinAcknowledged, mine.FinSeenAt) = (at, acknowledged, time);
    }

    private void TakePayload(TcpConnection connection, TcpDirection mine, HeldPiece what, ReadOnlySpan<byte> payload, ref PayloadTally tally)
    {
        // Whoever goes on speaking has not broken it off.
        if (ReferenceEquals(connection.ResetBy, mine) && what.Start >= connection.ResetAt)
            connection.ResetBy = null;
        what = WithinEnd(mine, what, ref payload, ref tally);
        var cut = what with { Start = what.Start + payload.Length, Length = what.Length - payload.Length };
        if (mine.IsExact && what.Start < mine.Next)
        {
            var old = (int)Math.Min(mine.Next - what.Start, payload.Length);
            CountOld(mine, what.Start, old, ref tally);
            what.Start += old;
            payload = payload[old..];
        }
        if (!payload.IsEmpty)
            TakeNew(connection, mine, what, payload, ref tally);
        var lost = (int)Math.Clamp(cut.End - (mine.IsExact ? Math.Max(cut.Start, mine.Next) : cut.Start), 0, int.MaxValue);
        if (lost > 0)
            memory.AddLost(mine, cut with { Start = cut.End - lost, Length = lost, Arrival = connection.Arrivals++ });
    }

    /// <summary>Takes off what stands behind a FIN that was seen.</summary>
    private static HeldPiece WithinEnd(TcpDirection mine, in HeldPiece what, ref ReadOnlySpan<byte> payload, ref PayloadTally tally)
    {
        if (mine.FinAt == TcpDirection.Nowhere || what.End <= mine.FinAt)
            return what;
        var length = (int)Math.Max(0, mine.FinAt - what.Start);
        if (payload.Length > length)
        {
            tally.Late += payload.Length - length;
            payload = payload[..length];
        }
        return what with { Length = length };
    }

    /// <summary>Hands on what is next without copying it, and holds the rest.</summary>
    private void TakeNew(TcpConnection connection, TcpDirection mine, in HeldPiece what, ReadOnlySpan<byte> payload, ref PayloadTally tally)
    {
        var ready = 0;
        if (mine.IsExact && what.Start == mine.Next && !Delivery.IsBlocked(connection, mine, what.Acknowledged))
        {
            ready = mine.HasHeld ? (int)Math.Min(payload.Length, mine.Held!.First.Start - what.Start) : payload.Length;
            if (ready > 0)
                delivery.Take(connection, mine, payload[..ready], what.At);
            tally.New += ready;
        }
        if (ready == payload.Length)
            return;
        var before = tally.New;
        memory.Add(mine, what with { Start = what.Start + ready, Arrival = connection.Arrivals++ }, payload[ready..], ref tally);
        accounts.Count(ByteFate.Held, tally.New - before);
    }

    private void KeepWithinLimits(TcpConnection connection, TcpDirection mine)
    {
        while (mine.Held is { } held && (held.Cost > limits.HeldBytesPerGap || held.Count > limits.HeldPieces))
            delivery.GiveUp(connection);
    }

    private PacketFate TakeReset(TcpConnection connection, TcpDirection mine, in TcpSegment segment)
    {
        accounts.Count(ByteFate.OutOfPlace, segment.Payload.Length);
        if (!IsInWindow(mine, segment.Sequence))
            return PacketFate.OutOfPlace;
        mine.IsSeen = true;
        if (connection.ResetBy is null)
        {
            (connection.ResetBy, connection.ResetAt) = (mine, mine.Place(segment.Sequence));
            connection.IsResetSure = !Delivery.IsWaiting(connection) && (!mine.IsExact || connection.ResetAt == mine.Next + (mine.IsFinished ? 1 : 0));
        }
        return FateWithoutPayload(mine, segment);
    }

    /// <summary>Whether its receiver would have obeyed a reset: from what it had acknowledged on, as far as a window is open.</summary>
    private static bool IsInWindow(TcpDirection mine, uint sequence)
    {
        if (!mine.IsExact)
            return true;
        var position = mine.Place(sequence);
        var from = mine.FirstAcked != TcpDirection.Nowhere ? Math.Min(mine.Next, mine.Place(mine.LastAcked)) : mine.Start;
        return position >= from && position <= mine.Next + TcpDirection.Window;
    }

    private PacketFate Counted(TcpDirection mine, in TcpSegment segment, in PayloadTally tally)
    {
        var fate = tally.Fate;
        if (fate is PacketFate.KeepAlive or PacketFate.Retransmitted && mine.Recent.Holds(segment))
            fate = PacketFate.CapturedTwice;
        else
            mine.Recent.Note(segment);
        accounts.Count(fate == PacketFate.KeepAlive ? ByteFate.KeepAlive : ByteFate.Duplicate, tally.Known);
        accounts.Count(fate == PacketFate.KeepAlive ? ByteFate.KeepAlive : ByteFate.Conflicting, tally.Conflicting);
        accounts.Count(ByteFate.OutOfPlace, tally.Late);
        return fate;
    }
}
