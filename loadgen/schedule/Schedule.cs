namespace Pressure.LoadGen;

/// <summary>
/// When each start is intended: a pure function of its number and the plan.
/// </summary>
/// <remarks>
/// Rule: let N(t) be the integral of the asked rate. Start k = 0, 1, 2, ... is intended at the earliest t with N(t) = k, for t in the
/// half-open interval [0, duration). Start 0 is made only if the load begins with a rate above zero.
/// So 50/s for 5 s gives exactly 50 in each second, 250 in all; 0 to 4/s over 4 s gives 1.4142, 2, 2.4495, ... 3.7417 s.
/// Poisson arrivals come from a unit-rate Poisson process with its time stretched by N, so that the asked rate is their mean.
/// All members may be called from several threads at once.
/// </remarks>
public abstract class Schedule
{
    /// <summary>Starts in all.</summary>
    public abstract long Count { get; }

    /// <summary>Length of the load.</summary>
    public abstract TimeSpan Duration { get; }

    /// <summary>The intended start of number <paramref name="n"/>, 0 to <see cref="Count"/> - 1; never decreasing in n. Allocates nothing.</summary>
    public abstract TimeSpan IntendedStart(long n);

    /// <summary>How many starts are intended before a time: the number of the first that is not. Allocates nothing.</summary>
    public long CountBefore(TimeSpan time)
    {
        var (low, high) = (0L, time <= TimeSpan.Zero ? 0 : Count);
        while (low < high)
        {
            var middle = low + ((high - low) >>> 1);
            if (IntendedStart(middle) < time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>A reader for one lane: the same answers, cheapest when asked in rising order.</summary>
    public virtual StartCursor OpenCursor() => new StartCursor.Direct(this);

    /// <summary>
    /// A schedule that follows straight rate segments (starts per second).
    /// Exact, in whole numbers, to the 100 ns of <see cref="TimeSpan"/> (rounded down).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A stage is empty, or a rate or length is beyond <see cref="PlanLimits"/>.</exception>
    public static Schedule Create(IReadOnlyList<Stage> stages, Arrivals arrivals, int seed) => Create(stages, 1L, arrivals, seed);

    /// <summary>The same for stages that count requests, with starts of <paramref name="requestsPerStart"/> requests each.</summary>
    internal static Schedule Create(IReadOnlyList<Stage> stages, Fraction requestsPerStart, Arrivals arrivals, int seed) =>
        Of([.. stages.Select(s => RateLine.Of(s, requestsPerStart))], arrivals, seed);

    /// <summary>The same for lines in starts.</summary>
    internal static Schedule Of(IReadOnlyList<RateLine> lines, Arrivals arrivals, int seed) => arrivals == Arrivals.Uniform
        ? new UniformSchedule(RateProfile.Create(lines, finestUnit: 1))
        : new PoissonSchedule(RateProfile.Create(lines, PoissonSchedule.FinestUnit), seed);
}
