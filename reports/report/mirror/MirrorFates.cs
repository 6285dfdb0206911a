namespace Pressure.Reports;

/// <summary>The words of what can become of a copy, in groups as people ask: was it copied, not meant to be, impossible, or lost?</summary>
public static class MirrorFates
{
    /// <summary>The test target answered.</summary>
    public const string Copied = "copied";

    /// <summary>They were not meant to be copied.</summary>
    public static IReadOnlyList<string> NotMeant { get; } = ["not-asked", "method", "path", "share", "upgrade", "marked", "paused"];

    /// <summary>There was nothing whole to copy.</summary>
    public static IReadOnlyList<string> NotPossible { get; } = ["body-too-large", "client-aborted", "production-failed", "body-unread"];

    /// <summary>They were meant to be copied, and the test target did not answer them.</summary>
    public static IReadOnlyList<string> Lost { get; } = ["queue-full", "no-room", "breaker-open", "connect-failed", "timed-out", "broken", "ended"];

    /// <summary>The groups with their keys in the table of texts; a word that none knows is among those lost, so that nothing is left out.</summary>
    internal static IEnumerable<(string Key, IReadOnlyList<(string Word, long Count)> Fates)> Groups(MirrorCopies copies)
    {
        var known = NotMeant.Concat(NotPossible).Append(Copied).ToHashSet();
        return new[] { ("mirror.copied", (IEnumerable<string>)[Copied]), ("mirror.notMeant", NotMeant), ("mirror.notPossible", NotPossible), ("mirror.lost", copies.Fates.Keys.Where(w => !known.Contains(w))) }
            .Select(g => (g.Item1, (IReadOnlyList<(string, long)>)[.. g.Item2.Select(w => (w, copies.Fates.GetValueOrDefault(w))).Where(f => f.Item2 > 0).OrderByDescending(f => f.Item2)]));
    }
}
