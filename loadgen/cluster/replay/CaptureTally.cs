namespace Pressure.Cluster;

/// <summary>What became of the requests of captures the first time they were gone through. Counted by the reader's thread, read by any.</summary>
internal sealed class CaptureTally(int captures)
{
    private volatile bool _isWhole;
    private readonly long[,] _counts = new long[captures, SkipReasons.Count];

    /// <summary>Whether they were gone through as far as they are replayed.</summary>
    public bool IsWhole
    {
        get => _isWhole;
        set => _isWhole = value;
    }

    /// <summary>Counts a request.</summary>
    public void Count(int capture, SkipReason reason) => Volatile.Write(ref _counts[capture, (int)reason], _counts[capture, (int)reason] + 1);

    /// <summary>Requests of a capture seen so far.</summary>
    public long Requests(int capture) => Enumerable.Range(0, SkipReasons.Count).Sum(r => Volatile.Read(ref _counts[capture, r]));

    /// <summary>Of these, replayed.</summary>
    public long Replayed(int capture) => Volatile.Read(ref _counts[capture, (int)SkipReason.None]);

    /// <summary>Those of a capture that were not, by reason.</summary>
    public IReadOnlyDictionary<string, long> Skipped(int capture) => Enum.GetValues<SkipReason>().Skip(1)
        .Select(r => (Word: r.Word(), Count: Volatile.Read(ref _counts[capture, (int)r])))
        .Where(s => s.Count > 0)
        .ToDictionary(s => s.Word, s => s.Count);
}
