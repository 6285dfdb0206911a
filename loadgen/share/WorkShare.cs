namespace Pressure.LoadGen;

/// <summary>The part of a run that one engine makes.</summary>
/// <param name="Split">How the run is cut.</param>
/// <param name="Index">Which share of it, from 0.</param>
public sealed record WorkShare(ShareSplit Split, int Index)
{
    // More iterations than an engine can make in a second.
    private const long IterationsPerSecond = 1L << 24;

    /// <summary>All of a run.</summary>
    public static WorkShare Whole { get; } = new(ShareSplit.One, 0);

    /// <summary>
    /// From when on it is made: starts intended earlier are somebody else's (a worker took the share over). The second that it lies in is told from there on, by both.
    /// </summary>
    public TimeSpan From { get; init; }

    /// <summary>Whether it is all of the run, from its beginning.</summary>
    public bool IsWhole => Split.Count == 1 && From <= TimeSpan.Zero;

    /// <summary>The second that is told first.</summary>
    internal int FirstSecond => (int)From.TotalSeconds;

    /// <summary>
    /// Users ask for as many iterations as they can, so nobody knows how many were made before <see cref="From"/>: their numbers begin where nobody can have come to.
    /// </summary>
    internal long FirstUserIteration => (long)(From.TotalSeconds * IterationsPerSecond);

    /// <summary>The number of this share's k-th start.</summary>
    public long NumberOf(long k) => Split.NumberOf(Index, k);

    /// <summary>How many of this share's starts have a number below <paramref name="n"/>.</summary>
    public long CountBefore(long n) => Split.CountBefore(Index, n);

    /// <summary>This share's part of so many things that the whole run has; at least one, or it could do nothing.</summary>
    internal int PartOf(int count) => (int)Math.Max(1, CountBefore(count));

    /// <summary>The name of a stream of random numbers, which no two shares may have in common, nor two engines that make one after the other.</summary>
    internal string NameOf(string stream) => IsWhole ? stream : FormattableString.Invariant($"{stream} share {Index} of {Split.Count} from {From.TotalSeconds:0.#######}");
}
