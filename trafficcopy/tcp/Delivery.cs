namespace Pressure.TrafficCopy;

/// <summary>
/// Hands a connection's bytes on. Between its directions the order is that of cause and effect: a piece whose sender had acknowledged bytes of the other side waits
/// until those have been handed on or given up.
/// </summary>
internal sealed class Delivery(IConversationOpener opener, CaptureAccounts accounts, HeldMemory memory)
{
    /// <summary>Whether a piece at the right place has to wait for the other direction.</summary>
    public static bool IsBlocked(TcpConnection connection, TcpDirection direction, long acknowledged)
    {
        var other = connection.Other(direction);
        if (other.IsFinished || !other.IsSeen && connection.IsOneSided)
            return false;
        return other.IsExact ? acknowledged > other.Next && acknowledged > other.Waived : other.Standing == Standing.Near && acknowledged > other.Lowest;
    }

    /// <summary>Whether a connection waits for bytes that may still come.</summary>
    public static bool IsWaiting(TcpConnection connection) => IsWaiting(connection, connection.Forward) || IsWaiting(connection, connection.Backward);

    public static bool IsWaiting(TcpConnection connection, TcpDirection direction) =>
        direction.HasHeld || HasHole(connection, direction) || HasBlockedFin(direction);

    /// <summary>Whether all that it waits for before its end is the other direction.</summary>
    public static bool HasBlockedFin(TcpDirection direction) => direction.IsExact && !direction.IsFinished && direction.FinAt == direction.Next;

    /// <summary>Whether bytes are missing where a direction stands.</summary>
    public static bool HasHole(TcpConnection connection, TcpDirection direction) =>
        direction.IsExact && !direction.IsFinished && (direction.HasHeld ? direction.Held!.First.Start : KnownEnd(connection, direction)) > direction.Next;

    /// <summary>Hands bytes on that are the next ones.</summary>
    public void Take(TcpConnection connection, TcpDirection direction, ReadOnlySpan<byte> bytes, long at)
    {
        direction.Next += bytes.Length;
        accounts.Count(ByteFate.Delivered, bytes.Length);
        ConversationOf(connection).Take(connection.SideOf(direction), bytes, at);
    }

    /// <summary>Hands on whatever waits for nothing any more.</summary>
    public void Drain(TcpConnection connection)
    {
        var (forward, backward) = (connection.Forward, connection.Backward);
        while (true)
        {
            if (TryFinish(connection, forward) | TryFinish(connection, backward))
                continue;
            var (first, second) = (IsReady(connection, forward), IsReady(connection, backward));
            if (!first && !second)
                return;
            TakeFirst(connection, first && (!second || forward.Held!.First.Arrival < backward.Held!.First.Arrival) ? forward : backward);
        }
    }

    /// <summary>Gives up the hole that keeps most waiting; afterwards something of what waited has moved.</summary>
    public void GiveUp(TcpConnection connection)
    {
        if (!Settle(connection.Forward) & !Settle(connection.Backward))
            GiveUpHole(connection);
        Drain(connection);
    }

    /// <summary>Tells whoever takes its bytes that there will be no more.</summary>
    public void End(TcpConnection connection, ConversationEnd how)
    {
        while (IsWaiting(connection))
            GiveUp(connection);
        connection.Conversation?.End(how, connection.LastAt);
        connection.Conversation = null;
        connection.IsPlain = false;
        memory.Release(connection.Forward);
        memory.Release(connection.Backward);
    }

    /// <summary>How far it is known to reach although nothing is held. An acknowledgement alone is believed as far as a window is open.</summary>
    private static long KnownEnd(TcpConnection connection, TcpDirection direction) =>
        direction.FinAt != TcpDirection.Nowhere ? direction.FinAt
        : connection.IsTwoSided && direction.Acked > direction.Waived && direction.Acked - direction.Next <= TcpDirection.Window ? direction.Acked
        : TcpDirection.Nowhere;

    private static bool IsReady(TcpConnection connection, TcpDirection direction) =>
        direction is { HasHeld: true, IsExact: true } && direction.Held!.First.Start == direction.Next &&
        !IsBlocked(connection, direction, direction.Held.First.Acknowledged);

    /// <summary>Whether there is something that can be moved now that it is decided where a direction begins.</summary>
    private static bool Settle(TcpDirection direction)
    {
        if (direction.Standing != Standing.Near)
            return false;
        direction.Begin(direction.Lowest);
        return direction.HasHeld;
    }

    private void GiveUpHole(TcpConnection connection)
    {
        var (forward, backward) = (connection.Forward, connection.Backward);
        var (first, second) = (HasHole(connection, forward), HasHole(connection, backward));
        if (first && second)
            ResolveFirst(connection);
        else if (first)
            Resolve(connection, forward);
        else if (second)
            Resolve(connection, backward);
        else
            Force(connection);
    }

    /// <summary>Of holes on both sides, gives up the one that the other side's next piece answers, as far as it does.</summary>
    private void ResolveFirst(TcpConnection connection)
    {
        var (earlier, later) = (connection.Forward, connection.Backward);
        if (earlier.HasHeld && earlier.Held!.First.Acknowledged > later.Next)
            (earlier, later) = (later, earlier);
        if (earlier.HasHeld && later.HasHeld && earlier.Held!.First is var piece && piece.Acknowledged > later.Next)
            Miss(connection, later, Math.Min(piece.Acknowledged, later.Held!.First.Start), piece.At);
        else
            Resolve(connection, earlier);
    }

    /// <summary>Lets something pass that waits for the other direction, which says nothing, or waits as well (no honest pair does).</summary>
    private void Force(TcpConnection connection)
    {
        var (forward, backward) = (connection.Forward, connection.Backward);
        if (forward.HasHeld && !(backward.HasHeld && backward.Held!.First.Arrival < forward.Held!.First.Arrival))
            TakeFirst(connection, forward);
        else if (backward.HasHeld)
            TakeFirst(connection, backward);
        else
            (HasBlockedFin(forward) ? forward : backward).FinAcknowledged = TcpDirection.Nowhere;
    }

    private void Resolve(TcpConnection connection, TcpDirection direction)
    {
        if (direction.HasHeld)
            Miss(connection, direction, direction.Held!.First.Start, direction.Held.First.At);
        else if (direction.FinAt == TcpDirection.Nowhere && direction.Acked - direction.Next == 1)
            direction.Waived = direction.Acked;
        else
            Miss(connection, direction, KnownEnd(connection, direction), connection.LastAt);
    }

    private void Miss(TcpConnection connection, TcpDirection direction, long upTo, long at)
    {
        var missing = upTo - direction.Next;
        accounts.Count(Happening.Gap);
        accounts.Count(Happening.MissingBytes, missing);
        (direction.MissFrom, direction.MissTo, direction.Next) = (direction.Next, upTo, upTo);
        ConversationOf(connection).Miss(connection.SideOf(direction), missing, at);
    }

    private void TakeFirst(TcpConnection connection, TcpDirection direction)
    {
        var piece = direction.Held!.First;
        if (piece.Bytes is null)
        {
            Miss(connection, direction, piece.End, piece.At);
        }
        else
        {
            accounts.Count(ByteFate.Held, -piece.Length);
            Take(connection, direction, piece.Bytes.AsSpan(0, piece.Length), piece.At);
        }
        memory.RemoveFirst(direction);
    }

    private bool TryFinish(TcpConnection connection, TcpDirection direction)
    {
        if (direction.IsFinished || !direction.IsExact || direction.FinAt != direction.Next || IsBlocked(connection, direction, direction.FinAcknowledged))
            return false;
        direction.IsFinished = true;
        // Behind its end there is nothing, whatever was sent.
        while (direction.HasHeld)
        {
            if (direction.Held!.First is { Bytes: not null, Length: var length })
            {
                accounts.Count(ByteFate.Held, -length);
                accounts.Count(ByteFate.OutOfPlace, length);
            }
            memory.RemoveFirst(direction);
        }
        connection.Conversation?.Finish(connection.SideOf(direction), direction.FinSeenAt);
        return true;
    }

    private IConversation ConversationOf(TcpConnection connection) => connection.Conversation ?? Open(connection);

    private IConversation Open(TcpConnection connection)
    {
        var conversation = opener.Open(connection.ToStart());
        (connection.Conversation, connection.WasOpened) = (conversation, true);
        FinishEarly(connection, conversation, connection.Forward);
        FinishEarly(connection, conversation, connection.Backward);
        return conversation;
    }

    /// <summary>A side that had closed before the other one said anything.</summary>
    private static void FinishEarly(TcpConnection connection, IConversation conversation, TcpDirection direction)
    {
        if (direction.IsFinished)
            conversation.Finish(connection.SideOf(direction), direction.FinSeenAt);
    }
}
