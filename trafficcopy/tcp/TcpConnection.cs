namespace Pressure.TrafficCopy;

/// <summary>A connection, as far as it was captured. Used again for others when it is forgotten.</summary>
internal sealed class TcpConnection
{
    public TcpConnection()
    {
        Activity = new QueuePlace(this);
        Waiting = new QueuePlace(this);
    }

    public long Id { get; private set; }

    /// <summary>The key of its first segment.</summary>
    public FlowKey Flow { get; private set; }

    /// <summary>Owned by the table.</summary>
    public uint Hash { get; set; }

    /// <summary>What the sender of its first segment says.</summary>
    public TcpDirection Forward { get; } = new();

    public TcpDirection Backward { get; } = new();

    public bool IsClientForward { get; set; }

    public bool SawSyn { get; set; }

    public bool IsOver { get; set; }

    /// <summary>Nothing is held, missing or ending: a segment with the next bytes can be handed straight on.</summary>
    public bool IsPlain { get; set; }

    /// <summary>Whoever takes its bytes; null before the first ones and after its end.</summary>
    public IConversation? Conversation { get; set; }

    /// <summary>Whether there ever was one: from then on its sides are told.</summary>
    public bool WasOpened { get; set; }

    /// <summary>When its first segment was captured.</summary>
    public long FirstAt { get; private set; }

    /// <summary>When its last one was.</summary>
    public long LastAt { get; set; }

    /// <summary>When it was last put in its place among the living, by a clock that never goes back.</summary>
    public long ListedAt { get; set; }

    /// <summary>Who broke it off, once that is known but others of its packets may still come.</summary>
    public TcpDirection? ResetBy { get; set; }

    /// <summary>The position at which they did.</summary>
    public long ResetAt { get; set; }

    /// <summary>Whether it stood exactly where its sender did. Any other is believed when nothing more has come for a moment.</summary>
    public bool IsResetSure { get; set; }

    /// <summary>Pieces that were held so far.</summary>
    public long Arrivals { get; set; }

    /// <summary>Among the living by their last segment, or among those that are over by their end.</summary>
    public QueuePlace Activity { get; }

    /// <summary>Among those that wait for a gap to close.</summary>
    public QueuePlace Waiting { get; }

    public bool IsTwoSided => Forward.IsSeen && Backward.IsSeen;

    /// <summary>Whether the other side was waited for, and did not come: what it said is not waited for again.</summary>
    public bool IsOneSided { get; set; }

    public TcpDirection Other(TcpDirection direction) => ReferenceEquals(direction, Forward) ? Backward : Forward;

    public Side SideOf(TcpDirection direction) => ReferenceEquals(direction, Forward) == IsClientForward ? Side.Client : Side.Server;

    public void Begin(long id, in FlowKey flow, long at, bool isClientForward)
    {
        (Id, Flow, FirstAt, LastAt, IsClientForward) = (id, flow, at, at, isClientForward);
        (SawSyn, IsOver, IsPlain, WasOpened, IsResetSure) = (false, false, false, false, false);
        (Conversation, ResetBy, Arrivals, IsOneSided) = (null, null, 0, false);
        Forward.Clear();
        Backward.Clear();
    }

    public ConversationStart ToStart()
    {
        var (from, to) = (Flow.From, Flow.To);
        return IsClientForward ? new ConversationStart(Id, FirstAt, from, to, SawSyn) : new ConversationStart(Id, FirstAt, to, from, SawSyn);
    }
}
