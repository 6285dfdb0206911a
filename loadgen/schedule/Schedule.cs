namespace Pressure.LoadGen;

/// <summary>
/// When each start is intended: a pure function of its number and the plan.
/// </summary>
/// <remarks>
/// Rule: let N(t) be the integral of the asked rate. Start k = 0, 1, 2, ... is intended at the earliest t with N(t) = k, for t in the
/// half-open interval [0, duration). Start 0 is made only if the load begins with a rate above zero.
/// So 50/s for 5 s gives exactly 50 in each second, 250 in all; 0 to 4/s over 4 s gives 1.4142, 2, 2.4495, ... 3.7417 s.
/// </remarks>
public abstract class Schedule
{
    /// <summary>Starts in all.</summary>
    public abstract long Count { get; }

    /// <summary>Length of the load.</summary>
    public abstract TimeSpan Duration { get; }

    /// <summary>The intended start of number <paramref name="n"/>, 0 to <see cref="Count"/> - 1; never decreasing in n. Allocates nothing.</summary>
    public abstract TimeSpan IntendedStart(long n);

    /// <summary>
    /// A schedule that follows straight rate segments (starts per second).
    /// Exact in decimal arithmetic, to the 100 ns of <see cref="TimeSpan"/>.
    /// </summary>
    public static Schedule Create(IReadOnlyList<Stage> stages, Arrivals arrivals, int seed) => throw new NotImplementedException();
}
