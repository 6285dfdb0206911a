namespace Pressure.LoadGen;

/// <summary>A straight piece of a rate: from one to another number of starts per tick (100 ns) over a time, all exact.</summary>
internal readonly record struct RateLine(Fraction From, Fraction To, long Ticks)
{
    /// <summary>A stage in requests, for starts of so many requests each. The stage is within <see cref="PlanLimits"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stage is empty, or a rate or length is beyond <see cref="PlanLimits"/>.</exception>
    public static RateLine Of(Stage stage, Fraction requestsPerStart)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(stage.Over, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stage.Over, PlanLimits.LongestDuration);
        return new(PerTick(stage.From) / requestsPerStart, PerTick(stage.To) / requestsPerStart, stage.Over.Ticks);
    }

    /// <summary>A rate per tick.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is beyond <see cref="PlanLimits"/>.</exception>
    public static Fraction PerTick(Rate rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate.Count);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(rate.Per, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate.PerSecond, PlanLimits.HighestRate);
        return rate.Count / (Fraction)rate.Per.Ticks;
    }

    /// <summary>What follows its first ticks.</summary>
    public RateLine After(long ticks) => new(From + ((To - From) * new Fraction(ticks, Ticks)), To, Ticks - ticks);

    /// <summary>The same line, so many times as high.</summary>
    public RateLine Times(Fraction factor) => new(From * factor, To * factor, Ticks);
}
