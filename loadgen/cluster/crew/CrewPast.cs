using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What a coordinator that comes back knows of the time before.</summary>
internal sealed class CrewPast
{
    private readonly HashSet<(int Share, int Second, int Hash)> _known;

    /// <summary>Puts together what the run folder tells.</summary>
    public CrewPast(CrewFile file, RunRecord record)
    {
        File = file;
        _known = [.. record.Intervals.Select(Key)];
        Intervals = record.Intervals;
        Events = record.Events;
        var lastSecond = record.Intervals.Count > 0 ? TimeSpan.FromSeconds(record.Intervals[^1].Second + 1) : TimeSpan.Zero;
        var lastEvent = record.Events.Count > 0 ? record.Events[^1].At : TimeSpan.Zero;
        LastKnown = lastSecond > lastEvent ? lastSecond : lastEvent;
    }

    public CrewFile File { get; }

    /// <summary>Seconds in the record.</summary>
    public IReadOnlyList<Interval> Intervals { get; private set; }

    /// <summary>Events in the record.</summary>
    public IReadOnlyList<TimelineEvent> Events { get; }

    /// <summary>The last moment of which the record tells.</summary>
    public TimeSpan LastKnown { get; }

    /// <summary>Who had what.</summary>
    public ShareLedger Ledger() => new([.. File.Shares.Select((terms, share) => (IReadOnlyList<ShareTerm>)[.. terms.Select(t => t.ToTerm(share, LastOf(share, t)))])]);

    /// <summary>
    /// Whether a second was kept just before the coordinator went, and its delivery not acknowledged any more. The record does not say whose time a second was told in, so it is known
    /// by what it says.
    /// </summary>
    public bool Knows(Interval second) => _known.Contains(Key(second));

    /// <summary>The seconds are not needed any more.</summary>
    public void ForgetIntervals() => Intervals = [];

    private int LastOf(int share, TermRecord term) =>
        Intervals.Where(i => i.Share == share && i.Second >= (int)term.From.TotalSeconds && (term.Until is not { } until || i.Second < (int)until.TotalSeconds)).Select(i => i.Second).DefaultIfEmpty(-1).Max();

    private static (int Share, int Second, int Hash) Key(Interval second)
    {
        var hash = default(HashCode);
        hash.AddBytes(second.Encode());
        return (second.Share, second.Second, hash.ToHashCode());
    }
}
