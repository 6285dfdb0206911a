namespace Pressure.TrafficCopy;

/// <summary>
/// Puts TCP connections together again from their segments, each direction in order and each byte once, whatever the network and the capture did to them:
/// lost, doubled, swapped, overlapping. What is missing for good is told (<see cref="IConversation.Miss"/>), never passed over. The same segments give the same
/// calls. Time is that of the capture.
/// </summary>
/// <remarks>
/// <code>
/// segment -> known connection? -- the next bytes --------------------------------------> IConversation
///              | no: asked for?      | else: SegmentIntake -> held pieces -> Delivery -----^
///              v                     v                         (a gap closes, is proven, or has waited too long)
///           a new one          it is over: late
/// </code>
/// Bytes that were handed on are not kept, so a segment that contradicts them counts as sent again; <see cref="ByteFate.Conflicting"/> is what contradicts bytes
/// that are still held.
/// </remarks>
public sealed class Reassembler : ISegmentSink
{
    private const long Moment = 10_000_000;
    private const long Second = 1_000_000_000;
    private const TcpFlags Telling = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst | TcpFlags.Ack;

    private readonly FlowTable _table = new();
    private readonly ConnectionQueue _living = new();
    private readonly ConnectionQueue _over = new();
    private readonly Stack<TcpConnection> _free = [];
    private readonly HeldMemory _memory = new();
    private readonly GapTimers _timers;
    private readonly AskedFilter _asked;
    private readonly Delivery _delivery;
    private readonly SegmentIntake _intake;
    private readonly CaptureAccounts _accounts;
    private readonly ReassemblyLimits _limits;
    private readonly long _idle;
    private readonly long _linger;
    private long _connections;
    private long _now;
    private long _lookedAt;

    /// <summary>Makes one.</summary>
    /// <param name="opener">Makes whoever takes a connection's bytes.</param>
    /// <param name="accounts">Where every segment's fate is counted.</param>
    /// <param name="asked">Whose connections are asked for; null for all.</param>
    /// <param name="limits">How much it may keep; null for what suits most.</param>
    public Reassembler(IConversationOpener opener, CaptureAccounts accounts, AskedServers? asked = null, ReassemblyLimits? limits = null)
    {
        (_accounts, _limits) = (accounts, limits ?? new ReassemblyLimits());
        (_idle, _linger) = (_limits.Idle.Ticks * 100, _limits.Linger.Ticks * 100);
        _timers = new GapTimers(_limits);
        _asked = new AskedFilter(asked ?? AskedServers.All);
        _delivery = new Delivery(opener, accounts, _memory);
        _intake = new SegmentIntake(_delivery, _memory, accounts, _limits);
    }

    /// <summary>Connections that are kept in mind just now, those that ended a moment ago included.</summary>
    public int Connections => _table.Count;

    /// <summary>Memory that is taken by what is held.</summary>
    public long HeldMemory => _memory.Cost;

    /// <inheritdoc/>
    public void Take(in TcpSegment segment)
    {
        _accounts.PayloadBytes += segment.Payload.Length;
        if (segment.At > _now)
            Tick(segment.At);
        if (_table.Find(segment.Flow, out var isForward) is not { } connection)
        {
            TakeStray(segment);
            return;
        }
        var mine = isForward ? connection.Forward : connection.Backward;
        if (!TryTakeNext(connection, mine, segment))
            TakeOther(connection, mine, segment);
    }

    /// <summary>Tells the time of the capture, for want of a packet.</summary>
    /// <param name="at">Nanoseconds since 1970 (UTC); a time before that of an earlier call is passed over.</param>
    public void Tick(long at)
    {
        // Far enough from the end of numbers that spans can be added.
        _now = Math.Max(_now, Math.Min(at, long.MaxValue / 4));
        if (_now - _lookedAt < Moment)
            return;
        _lookedAt = _now;
        while (_timers.Due(_now) is { } waiting)
            StopWaiting(waiting);
        while (_over.First is { } over && _now - over.Since >= _linger)
            Forget(over.Owner);
        while (_living.First is { } silent && _now - silent.Since >= _idle)
        {
            End(silent.Owner, ConversationEnd.Idle);
            Forget(silent.Owner);
        }
    }

    /// <summary>The capture is over: hands on what is held and ends every connection.</summary>
    public void Flush()
    {
        while (_living.First is { } living)
            End(living.Owner, ConversationEnd.CaptureEnded);
        while (_over.First is { } over)
            Forget(over.Owner);
    }

    /// <summary>The way of nearly all bytes: the next ones of a connection that waits for nothing. Nothing is copied or kept.</summary>
    private bool TryTakeNext(TcpConnection connection, TcpDirection mine, in TcpSegment segment)
    {
        if (!connection.IsPlain || segment.Sequence != (uint)mine.Next || !mine.IsExact || !mine.IsSeen || (segment.Flags & Telling) != TcpFlags.Ack)
            return false;
        var other = connection.Other(mine);
        if (segment.Payload.IsEmpty || segment.PayloadLength > segment.Payload.Length)
            return false;
        // It answers what has not been handed on.
        if (((int)(segment.Acknowledged - (uint)other.Next) > 0 || !other.IsExact) && (other.IsSeen || !connection.IsOneSided))
            return false;
        other.LastAcked = segment.Acknowledged;
        mine.Recent.Note(segment);
        Notice(connection, segment.At);
        _accounts.Count(PacketFate.Used);
        _delivery.Take(connection, mine, segment.Payload, segment.At);
        return true;
    }

    private void TakeOther(TcpConnection connection, TcpDirection mine, in TcpSegment segment)
    {
        var fate = connection.IsOver ? _intake.TakeLate(mine, segment) : _intake.Take(connection, mine, segment);
        if (fate is null)
        {
            if (!connection.IsOver)
                End(connection, ConversationEnd.Replaced);
            Forget(connection);
            TakeStray(segment);
            return;
        }
        _accounts.Count(fate.Value);
        if (connection.IsOver)
            return;
        Notice(connection, segment.At);
        GoOn(connection);
        while (_memory.Cost > _limits.HeldBytes && _timers.Oldest is { } oldest)
            GiveUp(oldest);
    }

    /// <summary>A segment of no connection that is known: begins one, or belongs to nothing.</summary>
    private void TakeStray(in TcpSegment segment)
    {
        if (!_asked.Asks(segment.Flow))
        {
            _accounts.Count(PacketFate.NotAsked);
            _accounts.Count(ByteFate.NotAsked, segment.Payload.Length);
        }
        else if ((segment.Flags & TcpFlags.Rst) != 0 || (segment.Flags & TcpFlags.Syn) == 0 && segment.Payload.IsEmpty)
        {
            _accounts.Count(PacketFate.OutOfPlace);
            _accounts.Count(ByteFate.OutOfPlace, segment.Payload.Length);
        }
        else
        {
            var connection = Begin(segment);
            TakeOther(connection, connection.Forward, segment);
        }
    }

    private TcpConnection Begin(in TcpSegment segment)
    {
        if (_table.Count >= Math.Max(1, _limits.Connections))
            MakeRoom();
        var connection = _free.TryPop(out var free) ? free : new TcpConnection();
        connection.Begin(++_connections, segment.Flow, segment.At, _asked.IsFromClient(segment.Flow));
        _table.Add(connection);
        List(connection);
        _accounts.Count(Happening.Connection);
        return connection;
    }

    private void MakeRoom()
    {
        if (_over.First is { } over)
        {
            Forget(over.Owner);
        }
        else if (_living.First is { } idlest)
        {
            End(idlest.Owner, ConversationEnd.Evicted);
            Forget(idlest.Owner);
        }
    }

    /// <summary>Notes that a connection lives. Its place among the living is right to a second, so that most segments do not move it.</summary>
    private void Notice(TcpConnection connection, long at)
    {
        connection.LastAt = at;
        if (_now - connection.ListedAt >= Second)
            List(connection);
    }

    private void List(TcpConnection connection)
    {
        connection.ListedAt = _now;
        _living.Append(connection.Activity, _now);
    }

    /// <summary>After something has changed: a connection is over, waits, or is plain.</summary>
    private void GoOn(TcpConnection connection)
    {
        if (connection.Forward.IsFinished && connection.Backward.IsFinished || connection.IsResetSure)
        {
            End(connection, ConversationEnd.Closed);
            return;
        }
        _timers.Update(connection, _now);
        connection.IsPlain = connection.Conversation is not null && connection.Waiting.Queue is null &&
            connection.Forward.FinAt == TcpDirection.Nowhere && connection.Backward.FinAt == TcpDirection.Nowhere;
    }

    private void StopWaiting(TcpConnection connection)
    {
        if (connection.ResetBy is not null || GapTimers.IsClosedOneSided(connection))
        {
            End(connection, ConversationEnd.Closed);
            return;
        }
        connection.IsOneSided = !connection.IsTwoSided;
        do
            _delivery.GiveUp(connection);
        while (GapTimers.HasOldHole(connection));
        GoOn(connection);
    }

    private void GiveUp(TcpConnection connection)
    {
        if (Delivery.IsWaiting(connection))
        {
            _delivery.GiveUp(connection);
            GoOn(connection);
        }
        else
        {
            End(connection, ConversationEnd.Closed);
        }
    }

    private void End(TcpConnection connection, ConversationEnd how)
    {
        if (connection.ResetBy is not null)
            how = ConversationEnd.Reset;
        else if (connection.Forward.FinAt != TcpDirection.Nowhere && connection.Backward.FinAt != TcpDirection.Nowhere)
            how = ConversationEnd.Closed;
        _delivery.End(connection, how);
        CountEnd(connection, how);
        connection.IsOver = true;
        connection.Waiting.Leave();
        _over.Append(connection.Activity, _now);
    }

    private void CountEnd(TcpConnection connection, ConversationEnd how)
    {
        if (!connection.SawSyn)
            _accounts.Count(Happening.ConnectionWithoutSyn);
        if (!connection.IsTwoSided)
            _accounts.Count(Happening.OneSided);
        if (how == ConversationEnd.Evicted)
            _accounts.Count(Happening.ConnectionEvicted);
    }

    private void Forget(TcpConnection connection)
    {
        _table.Remove(connection);
        connection.Activity.Leave();
        _free.Push(connection);
    }
}
