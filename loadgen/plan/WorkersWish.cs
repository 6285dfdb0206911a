namespace Pressure.LoadGen;

/// <summary>Over which machines a plan wants its load spread (<c>workers:</c>). Without it the load comes from one process.</summary>
public sealed record WorkersWish
{
    /// <summary>How many workers; at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>The share (0 to 1) of the load that each region makes, by the workers' region labels; sums up to 1. Empty for any workers, by their capacities.</summary>
    public IReadOnlyDictionary<string, double> Regions { get; init; } = new Dictionary<string, double>();

    /// <summary>How often a worker and its coordinator tell each other that they are there.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a worker goes on that doesn't hear of its coordinator; after that its share is another's. Short: a dead worker is replaced sooner. Long: a region that
    /// is cut off goes on for as long. Unless it is given, so long that a share goes on elsewhere within three heartbeats after the last second that its worker has told: three
    /// heartbeats less what telling a second takes, at least one and three quarters and at most two and a half.
    /// </summary>
    public TimeSpan Lease { get => field == default ? UsualLease(Heartbeat) : field; init; }

    /// <summary>The share (0 to 1) of the asked requests that may go unsent because workers were lost; above it the result is invalid.</summary>
    public double Tolerance { get; init; } = 0.01;

    /// <summary>The shortest lease for a heartbeat: workers beat several times in one, so a beat that is late ends nothing.</summary>
    public static TimeSpan ShortestLease(TimeSpan heartbeat) => heartbeat * 1.5;

    // The last second may have been told a second before its worker died, and what was told later than at once.
    private static TimeSpan UsualLease(TimeSpan heartbeat)
    {
        var (least, most, lease) = (heartbeat * 1.75, heartbeat * 2.5, (heartbeat * 3) - TimeSpan.FromSeconds(1.25));
        return lease < least ? least : lease > most ? most : lease;
    }
}
