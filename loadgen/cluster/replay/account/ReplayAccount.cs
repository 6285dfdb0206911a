namespace Pressure.Cluster;

/// <summary>What became of one share of a replay so far: counts that add up, and a histogram instead of percentiles. A local replay is one with a single share.</summary>
public sealed record ReplayAccount
{
    /// <summary>What was read and sent of each capture, in the order of the plan.</summary>
    public required IReadOnlyList<CaptureAccount> Captures { get; init; }

    /// <summary>Whether the captures were read as far as they are replayed. Every share goes through all of them, so those that have come so far say the same of them.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Requests that were to be sent.</summary>
    public long Planned { get; init; }

    /// <summary>Of these, sent and over.</summary>
    public long Sent { get; init; }

    /// <summary>Of those, late because their client's earlier request was under way.</summary>
    public long Held { get; init; }

    /// <summary>Values put into requests.</summary>
    public long Carried { get; init; }

    /// <summary>Masked values left out of requests.</summary>
    public long LeftOut { get; init; }

    /// <summary>How far sends were from their moments, of requests that were not held: a <see cref="Record.Histogram"/>, encoded.</summary>
    public ReadOnlyMemory<byte> Errors { get; init; }

    /// <summary>The moment of the latest request that was not held.</summary>
    public TimeSpan LastDue { get; init; }

    /// <summary>By how much that one missed it.</summary>
    public TimeSpan LastError { get; init; }

    /// <summary>What was found in answers; null when they are not compared, or not all of them are yet.</summary>
    public TrafficCopy.DifferenceAccount? Differences { get; init; }

    /// <summary>Of a share that has told nothing.</summary>
    internal static ReplayAccount None(int captures) => new() { Captures = [.. Enumerable.Repeat(CaptureAccount.None, captures)] };
}

/// <summary>One capture in an account.</summary>
/// <param name="Replayed">Requests of it that were read and are replayed, counted once for all copies and loops.</param>
/// <param name="Skipped">Those that are not, by reason: the words of <c>replay.json</c>.</param>
/// <param name="Sent">Sendings of its requests, over all copies and loops.</param>
public sealed record CaptureAccount(long Replayed, IReadOnlyDictionary<string, long> Skipped, long Sent)
{
    internal static CaptureAccount None { get; } = new(0, new Dictionary<string, long>(), 0);

    /// <summary>Requests that were read.</summary>
    internal long Requests => Replayed + Skipped.Values.Sum();
}
