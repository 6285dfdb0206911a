namespace Pressure.Cluster;

/// <summary>What became of the requests of captures the first time they were gone through. Counted by the reader's thread, read by any.</summary>
internal sealed class CaptureTally(int captures)
{
    private readonly long[,] _counts = new long[captures, SkipReasons.Count];

    /// <summary>Counts a request.</summary>
    public void Count(int capture, SkipReason reason) => Volatile.Write(ref _counts[capture, (int)reason], _counts[capture, (int)reason] + 1);

    /// <summary>Requests of a capture seen so far.</summary>
    public long Requests(int capture) => Enumerable.Range(0, SkipReasons.Count).Sum(r => Volatile.Read(ref _counts[capture, r]));

    /// <summary>Of these, replayed.</summary>
    public long Replayed(int capture) => Volatile.Read(ref _counts[capture, (int)SkipReason.None]);

    /// <summary>Those that were not, by reason.</summary>
    public IReadOnlyDictionary<string, long> Skipped()
    {
        var skipped = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var reason in Enum.GetValues<SkipReason>().Where(r => r != SkipReason.None))
        {
            var count = Enumerable.Range(0, captures).Sum(c => Volatile.Read(ref _counts[c, (int)reason]));
            if (count > 0)
                skipped[reason.Word()] = count;
        }

        return skipped;
    }
}
