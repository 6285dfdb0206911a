using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>One worker's time with a share. Not thread-safe.</summary>
/// <param name="share">The share, from 0.</param>
/// <param name="epoch">Which time it was given away.</param>
/// <param name="worker">To whom.</param>
/// <param name="from">From when on it is made.</param>
internal sealed class ShareTerm(int share, int epoch, string worker, TimeSpan from)
{
    public int Share => share;

    public int Epoch => epoch;

    public string Worker => worker;

    public TimeSpan From { get; } = from;

    /// <summary>The first second that it can tell: the rest of the one in which it begins.</summary>
    public int FirstSecond => (int)From.TotalSeconds;

    /// <summary>From when on it is the successor's; null while it has none.</summary>
    public TimeSpan? Until { get; set; }

    /// <summary>Whether its worker was given up, or gave up: what it did not make nobody made until somebody else goes on.</summary>
    public bool IsLost { get; set; }

    /// <summary>What the worker said at its end; null until then.</summary>
    public ShareEnded? Ended { get; set; }

    /// <summary>Seconds that it has told.</summary>
    public ToldSeconds Seconds { get; } = new();

    /// <summary>Seconds that it has told since it was lost.</summary>
    public int Late { get; set; }

    /// <summary>The last second that was told of the share in its time, before the coordinator came back; null if it has always been there.</summary>
    public int? LastBefore { get; init; }

    /// <summary>The last second that it has told; -1 if it told none.</summary>
    public int Last => Math.Max(Seconds.Last, LastBefore ?? -1);

    /// <summary>When its worker last said that it makes it, or was given it.</summary>
    public TimeSpan Listed { get; set; } = from;

    /// <summary>Whether all that it will ever tell is here. A mailbox keeps order: a coordinator that came back has had the seconds before the end.</summary>
    public bool IsComplete => Ended is { } ended && (LastBefore is not null || Seconds.Count >= ended.Seconds);

    /// <summary>By how much the worker's clock may be wrong: so much later than its predecessor's lease ends it begins. Null for one that has no predecessor.</summary>
    public TimeSpan? ClockSlack { get; init; }

    /// <summary>Whether a second of it makes load that is the successor's: its own lease must have ended before.</summary>
    public bool IsFenced(Interval second) => Until is { } until && second.Second >= until.TotalSeconds && second.IterationsStarted > 0;
}
