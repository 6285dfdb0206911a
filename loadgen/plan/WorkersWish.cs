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
    /// is cut off goes on for as long. Two and a half heartbeats unless it is given.
    /// </summary>
    public TimeSpan Lease { get => field == default ? Heartbeat * 2.5 : field; init; }

    /// <summary>The share (0 to 1) of the asked requests that may go unsent because workers were lost; above it the result is invalid.</summary>
    public double Tolerance { get; init; } = 0.01;
}
