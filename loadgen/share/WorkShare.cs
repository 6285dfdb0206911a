namespace Pressure.LoadGen;

/// <summary>The part of a run that one engine makes.</summary>
/// <param name="Split">How the run is cut.</param>
/// <param name="Index">Which share of it, from 0.</param>
public sealed record WorkShare(ShareSplit Split, int Index)
{
    /// <summary>All of a run.</summary>
    public static WorkShare Whole { get; } = new(ShareSplit.One, 0);

    /// <summary>
    /// From when on it is made: starts intended earlier are somebody else's (a worker took the share over), and no second before is told. A whole second.
    /// </summary>
    public TimeSpan From { get; init; }

    /// <summary>The number of this share's k-th start.</summary>
    public long NumberOf(long k) => Split.NumberOf(Index, k);
}
