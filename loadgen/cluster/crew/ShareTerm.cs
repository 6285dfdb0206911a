using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>One worker's time with a share. Not thread-safe.</summary>
/// <param name="share">The share, from 0.</param>
/// <param name="epoch">Which time it was given away.</param>
/// <param name="worker">To whom.</param>
/// <param name="from">From when on it is made; a whole second.</param>
internal sealed class ShareTerm(int share, int epoch, string worker, TimeSpan from)
{
    public int Share => share;

    public int Epoch => epoch;

    public string Worker => worker;

    public TimeSpan From => from;

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

    /// <summary>Whether all that it will ever tell is here.</summary>
    public bool IsComplete => Ended is { } ended && Seconds.Count >= ended.Seconds;

    /// <summary>Whether a second of it makes load that is the successor's: its own lease must have ended before.</summary>
    public bool IsFenced(Interval second) => Until is { } until && second.Second >= until.TotalSeconds && second.IterationsStarted > 0;
}
