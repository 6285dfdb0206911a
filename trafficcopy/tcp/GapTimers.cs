namespace Pressure.TrafficCopy;

/// <summary>
/// Connections that wait for bytes, and until when: a moment where it is known that the other side had them, or that the connection is over, and much longer
/// where they may still be sent again.
/// </summary>
internal sealed class GapTimers(ReassemblyLimits limits)
{
    private readonly ConnectionQueue _certain = new();
    private readonly ConnectionQueue _open = new();
    private readonly long _reordering = limits.Reordering.Ticks * 100;
    private readonly long _retransmission = limits.Retransmission.Ticks * 100;

    /// <summary>Who has waited for longest.</summary>
    public TcpConnection? Oldest => (_certain.First ?? _open.First)?.Owner;

    /// <summary>Whether only one side was captured, and it has closed.</summary>
    public static bool IsClosedOneSided(TcpConnection connection) => !connection.IsTwoSided && (connection.Forward.IsFinished || connection.Backward.IsFinished);

    /// <summary>Whether what is missing where a connection stands will not be sent again.</summary>
    public static bool IsCertain(TcpConnection connection) =>
        IsEnding(connection) || IsCertain(connection, connection.Forward) || IsCertain(connection, connection.Backward);

    /// <summary>Whether something acknowledged was missing already when the connection began to wait.</summary>
    public static bool HasOldHole(TcpConnection connection) => HasOldHole(connection, connection.Forward) || HasOldHole(connection, connection.Backward);

    /// <summary>Lets a connection wait, wait on, or wait no more.</summary>
    public void Update(TcpConnection connection, long now)
    {
        var (forward, backward) = (connection.Forward, connection.Backward);
        var isEnding = IsEnding(connection);
        if (!isEnding && !Delivery.IsWaiting(connection))
        {
            connection.Waiting.Leave();
            return;
        }
        var queue = IsCertain(connection) ? _certain : _open;
        if (connection.Waiting.Queue == queue && (isEnding || IsStuck(connection, forward) || IsStuck(connection, backward)))
            return;
        queue.Append(connection.Waiting, now);
        Note(connection, forward);
        Note(connection, backward);
    }

    /// <summary>A connection that has waited long enough.</summary>
    public TcpConnection? Due(long now)
    {
        if (_certain.First is { } certain && now - certain.Since >= _reordering)
            return certain.Owner;
        return _open.First is { } open && now - open.Since >= _retransmission ? open.Owner : null;
    }

    private static bool IsEnding(TcpConnection connection) => connection.ResetBy is not null || IsClosedOneSided(connection);

    private static bool IsCertain(TcpConnection connection, TcpDirection direction) =>
        direction.Standing == Standing.Near ? direction.HasHeld
        : Delivery.HasHole(connection, direction) ? connection.IsTwoSided && direction.Acked > direction.Next
        : direction.HasHeld || Delivery.HasBlockedFin(direction);

    private static bool HasOldHole(TcpConnection connection, TcpDirection direction) =>
        Delivery.HasHole(connection, direction) && connection.IsTwoSided && direction.Next < Math.Min(direction.WaitAcked, direction.Acked);

    private static bool IsStuck(TcpConnection connection, TcpDirection direction) =>
        Delivery.IsWaiting(connection, direction) && direction.Next == direction.WaitNext;

    private static void Note(TcpConnection connection, TcpDirection direction)
    {
        direction.WaitNext = Delivery.IsWaiting(connection, direction) ? direction.Next : TcpDirection.Nowhere;
        direction.WaitAcked = direction.Acked;
    }
}
