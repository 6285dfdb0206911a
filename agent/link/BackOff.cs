namespace Pressure.Agent;

/// <summary>
/// How long to wait before the next try: anything up to a limit that doubles with each failure, so that thousands of agents that were cut off at the
/// same moment do not come back at the same moment. Fast at first, half a minute at the most.
/// </summary>
public sealed class BackOff(Random random)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    private TimeSpan _limit = Least;

    /// <summary>The wait after one more failure.</summary>
    public TimeSpan Next()
    {
        var wait = _limit * random.NextDouble();
        _limit = _limit * 2 < Most ? _limit * 2 : Most;
        return wait;
    }

    /// <summary>Around a wait, a quarter more or less.</summary>
    public TimeSpan About(TimeSpan wait) => wait * (0.75 + (random.NextDouble() / 2));

    /// <summary>All is well again.</summary>
    public void Reset() => _limit = Least;
}
