using Pressure.Record;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>What was seen of an agent of late, so that a stream that was taken up again tells nothing twice.</summary>
internal sealed class RecentEntries
{
    /// <summary>How far back a stream is taken up again.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    // Twice the overlap, so that nothing is forgotten that may come again.
    private static readonly TimeSpan Kept = Overlap * 2;

    private readonly HashSet<Key> _seen = [];
    private readonly Queue<(DateTimeOffset At, Key Key)> _inOrder = new();

    /// <summary>Time of the newest entry; null before the first.</summary>
    public DateTimeOffset? Newest { get; private set; }

    /// <summary>Whether the entry was not seen before; it is from now on.</summary>
    public bool IsNew(StoredEntry stored)
    {
        var key = Key.Of(stored);
        if (!_seen.Add(key))
            return false;
        _inOrder.Enqueue((stored.At, key));
        Newest = Newest > stored.At ? Newest : stored.At;
        while (_inOrder.TryPeek(out var oldest) && oldest.At < Newest - Kept)
            _seen.Remove(_inOrder.Dequeue().Key);
        return true;
    }

    /// <summary>What tells entries of one agent apart: its own clock's time, and for collections which of them.</summary>
    private readonly record struct Key(long At, bool IsSample, int Pid, GcKind Kind, long? Number, long Pause)
    {
        public static Key Of(StoredEntry stored) => stored.Entry.Gc is { } gc
            ? new(stored.Entry.At.UtcTicks, false, gc.Pid, gc.Kind, gc.Number, gc.Pause.Ticks)
            : new(stored.Entry.At.UtcTicks, true, 0, default, null, 0);
    }
}
