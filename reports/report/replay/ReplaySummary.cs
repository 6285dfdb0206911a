using Pressure.Record;

namespace Pressure.Reports;

/// <summary>How faithful a replay was, in <c>summary.json</c>. Times in milliseconds, shares 0 to 1.</summary>
public sealed record ReplaySummary
{
    /// <summary>Where the traffic came from; lengths in seconds.</summary>
    public required IReadOnlyList<CaptureSummary> Captures { get; init; }

    /// <summary>Requests in the captures.</summary>
    public required long Captured { get; init; }

    /// <summary>Of these, not skipped.</summary>
    public required long Replayed { get; init; }

    /// <summary>Requests that were to be sent: what was replayed, times copies and loops.</summary>
    public required long Planned { get; init; }

    /// <summary>Of these, sent.</summary>
    public required long Sent { get; init; }

    /// <summary>Requests of the captures that were not replayed, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Skipped { get; init; }

    /// <summary>Of those sent, late because their client's earlier request was still under way.</summary>
    public required long Held { get; init; }

    /// <summary>How many times as fast as captured; null for as fast as possible, or at a <see cref="Rate"/>.</summary>
    public required double? Speed { get; init; }

    /// <summary>Requests per second instead of the captured timing; null for that.</summary>
    public required double? Rate { get; init; }

    /// <summary>Clients for each captured one.</summary>
    public required int Multiply { get; init; }

    /// <summary>Values of answers put into later requests.</summary>
    public required long Carried { get; init; }

    /// <summary>Masked values that were left out of requests, since no answer gave one for them.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Requests that workers sent which were lost before they told more of them: what is held, carried, left out and the timing lack these.</summary>
    public IReadOnlyList<UntoldShare> Untold { get; init; } = [];

    /// <summary>How far sends were from their moments; null when it was as fast as possible, or nothing was sent.</summary>
    public required TimingSummary? Timing { get; init; }

    /// <summary>By how much the replay as a whole ran slow.</summary>
    public required double Drift { get; init; }

    /// <summary>The replay of a run; null when it was none.</summary>
    internal static ReplaySummary? Of(RunRecord run) => run.Replay is not { } replay ? null : new ReplaySummary
    {
        Captures = [.. replay.Captures.Select(c => new CaptureSummary(c.Name, c.Requests, c.Replayed, c.Connections, Math.Round(c.Length.TotalSeconds, 3)) { Sent = c.Sent, Live = c.Live })],
        Captured = replay.Captures.Sum(c => c.Requests),
        Replayed = replay.Captures.Sum(c => c.Replayed),
        Planned = replay.Planned,
        Sent = replay.Sent,
        Skipped = replay.Skipped,
        Held = replay.Held,
        Speed = replay.Speed,
        Rate = replay.Rate,
        Multiply = replay.Multiply,
        Carried = replay.Carried,
        LeftOut = replay.LeftOut,
        Untold = replay.Untold,
        Timing = replay.Timing.Count == 0 || (replay.Speed is null && replay.Rate is null) ? null : TimingSummary.Of(replay.Timing),
        Drift = Math.Round(replay.Drift, 6),
    };
}

/// <summary>One capture of a replay; its length in seconds.</summary>
public sealed record CaptureSummary(string Name, long Requests, long Replayed, long Connections, double Seconds)
{
    /// <summary>Sendings of its requests, over all copies and loops; null where that is not known.</summary>
    public long? Sent { get; init; }

    /// <summary>What was lost of one that was replayed while it passed; null for a capture.</summary>
    public LiveLosses? Live { get; init; }
}

/// <summary>How far sends were from their moments, in milliseconds. Percentiles that the record does not have are those next above.</summary>
public sealed record TimingSummary(double P50, double P90, double P99, double P999, double Max)
{
    internal static TimingSummary Of(IReadOnlyList<TimingPoint> points)
    {
        var rising = points.OrderBy(p => p.Percentile).ToList();
        double At(double percentile) => Math.Round((rising.FirstOrDefault(p => p.Percentile >= percentile) is { Percentile: > 0 } found ? found : rising[^1]).Error.TotalMilliseconds, 4);
        return new TimingSummary(At(50), At(90), At(99), At(99.9), At(100));
    }
}
