using System.Text.Json.Serialization;

namespace Pressure.Record;

/// <summary>How faithful a replay was: kept as <c>replay.json</c> in the run folder, renewed every few seconds.</summary>
public sealed record ReplayRecord
{
    // What a file leaves out is read as null, whatever the defaults say.
    private static readonly IReadOnlyDictionary<string, long> EmptyCounts = new Dictionary<string, long>();

    /// <summary>Where the traffic came from.</summary>
    public required IReadOnlyList<ReplayedCapture> Captures { get; init; }

    /// <summary>How many times as fast as captured; null for as fast as possible.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] // Null says something, too.
    public required double? Speed { get; init; }

    /// <summary>Requests per second instead of the captured timing; null for the captured timing.</summary>
    public double? Rate { get; init; }

    /// <summary>Clients for each captured one.</summary>
    public int Multiply { get; init; } = 1;

    /// <summary>Requests that were to be sent: what was not skipped, times copies and loops.</summary>
    public long Planned { get; init; }

    /// <summary>Of these, sent.</summary>
    public long Sent { get; init; }

    /// <summary>Of those that were sent, late because their client's earlier request was still under way.</summary>
    public long Held { get; init; }

    /// <summary>Requests of captures that were not replayed, by reason (a stable word): <c>method</c>, <c>incomplete</c>, <c>smuggling</c>, <c>filtered</c>, ...</summary>
    public IReadOnlyDictionary<string, long> Skipped { get; init => field = value ?? EmptyCounts; } = EmptyCounts;

    /// <summary>Values of answers put into later requests.</summary>
    public long Carried { get; init; }

    /// <summary>Cookies and fields that were masked in the capture and left out of what was sent, since no answer gave a value for them.</summary>
    public long LeftOut { get; init; }

    /// <summary>
    /// How far sends were from their moments, of requests that were not held: deciles and beyond, as pairs of percentile (0 to 100) and error. Errors
    /// are never negative: nothing is sent early.
    /// </summary>
    public IReadOnlyList<TimingPoint> Timing { get; init => field = value ?? []; } = [];

    /// <summary>By how much the replay as a whole ran slow: the last send's error over the length so far. 0 is none.</summary>
    public double Drift { get; init; }

    /// <summary>Shares of which more was sent than their workers told details of, since these were lost: held, values, errors of sending and sendings of captures lack so much.</summary>
    public IReadOnlyList<UntoldShare> Untold { get; init => field = value ?? []; } = [];

    /// <summary>What can't be true of it; null when nothing is wrong.</summary>
    internal string? WhyUnsound() => Planned >= 0 && Sent >= 0 && Held >= 0 && Carried >= 0 && Multiply >= 0 && Skipped.Values.All(n => n >= 0) && Untold.All(u => u is { Share: >= 0, Requests: >= 0 })
        && double.IsFinite(Drift) && double.IsFinite(Speed ?? 0) && double.IsFinite(Rate ?? 0) && Timing.All(t => t.Percentile is >= 0 and <= 100)
        && Captures.All(c => c is { Requests: >= 0, Replayed: >= 0, Connections: >= 0, Sent: null or >= 0, Live: null or { Kernel: >= 0, Shed: >= 0, Way: >= 0, Here: >= 0, Late: >= 0, Silences: >= 0 } })
        ? null : "its counts contradict each other";
}

/// <summary>One capture of a replay. Counts are of the capture, not of copies.</summary>
/// <param name="Name">File.</param>
/// <param name="Requests">Requests in it.</param>
/// <param name="Replayed">Of these, not skipped.</param>
/// <param name="Connections">Connections in it.</param>
/// <param name="Length">From its first request to its last.</param>
public sealed record ReplayedCapture(string Name, long Requests, long Replayed, long Connections, TimeSpan Length)
{
    /// <summary>Sendings of its requests, over all copies and loops; null where a file does not tell.</summary>
    public long? Sent { get; init; }

    /// <summary>What was lost on the way of one that was replayed while it passed; null for a capture.</summary>
    public LiveLosses? Live { get; init; }
}

/// <summary>What was lost of traffic that was replayed while it passed, where, and how the source did.</summary>
/// <param name="Kernel">Packets that its kernel dropped.</param>
/// <param name="Shed">Packets that were let go to spare its processor.</param>
/// <param name="Way">Exchanges that were dropped on the way.</param>
/// <param name="Here">Exchanges that were dropped here, since the replay was behind.</param>
/// <param name="Late">Exchanges that came when their moment had passed.</param>
/// <param name="Silences">How often nothing came for ten seconds, or the link to it broke.</param>
/// <param name="Broken">Why it broke off; null if it did not.</param>
public sealed record LiveLosses(long Kernel, long Shed, long Way, long Here, long Late, int Silences, string? Broken = null);

/// <summary>Requests of a share of which nobody told more than that they were sent.</summary>
/// <param name="Worker">Whose it was; several with commas between them.</param>
/// <param name="Share">The share, from 0.</param>
/// <param name="Requests">How many.</param>
public sealed record UntoldShare(string Worker, int Share, long Requests);

/// <summary>A percentile of the error of sending.</summary>
public readonly record struct TimingPoint(double Percentile, TimeSpan Error);
