using System.Numerics;

namespace Pressure.LoadGen;

/// <summary>
/// The number of starts asked for until a time, N(t), and its inverse, in whole numbers only.
/// </summary>
/// <remarks>
/// Rates are fractions x / y of a start per tick (100 ns) over one common denominator y. "Levels" are N(t) in units of 1 / (2 y) starts,
/// which makes every segment's end a whole number: a segment of T ticks from x0 to x1 adds (x0 + x1) T.
/// <code>
///   rate   x0 ___----- x1          level(t) = base + 2 x0 t + (x1 - x0) t^2 / T      (t ticks into the segment)
///          |____________|
///          0            T
/// </code>
/// </remarks>
internal sealed class RateProfile
{
    // Keeps every product below in 128 bits: the largest is 4 x T^2.
    private static readonly BigInteger Limit = BigInteger.One << 125;
    private static readonly BigInteger Finest = BigInteger.One << 80;

    private readonly RateSegmentLevels[] _growing;
    private readonly Int128[] _ends;

    private RateProfile(RateSegmentLevels[] growing, Int128 unit, TimeSpan duration, bool startsAtOnce, bool endsAtZero)
    {
        _growing = growing;
        _ends = [.. growing.Select(s => s.EndLevel)];
        (Unit, Duration, StartsAtOnce, EndsOnPlateau) = (unit, duration, startsAtOnce, endsAtZero);
    }

    /// <summary>Level of one start.</summary>
    public Int128 Unit { get; }

    /// <summary>Level at the end.</summary>
    public Int128 Total => _ends.Length == 0 ? 0 : _ends[^1];

    public TimeSpan Duration { get; }

    /// <summary>Whether the rate is above zero at the very beginning.</summary>
    public bool StartsAtOnce { get; }

    /// <summary>Whether the rate is zero all through the last segment.</summary>
    public bool EndsOnPlateau { get; }

    /// <summary>Prepares stages given in requests, for starts of <paramref name="requestsPerStart"/> requests each.</summary>
    /// <param name="stages">Stages in order.</param>
    /// <param name="requestsPerStart">Above zero.</param>
    /// <param name="finestUnit">Refines the unit up to this as far as 128 bits allow.</param>
    public static RateProfile Create(IReadOnlyList<Stage> stages, Fraction requestsPerStart, long finestUnit = 1)
    {
        var ticks = stages.Aggregate(0L, (sum, s) => checked(sum + Checked(s).Over.Ticks));
        var rates = stages.SelectMany(s => new[] { s.From, s.To }).Select(r => r.Count / (Fraction)r.Per.Ticks / requestsPerStart).ToList();
        var y = CommonDenominator(rates, new BigInteger(ticks) * ticks * 4, finestUnit);
        var x = rates.ConvertAll(r => (Int128)(r * new Fraction(y, 1)).Round());

        var growing = new List<RateSegmentLevels>();
        var (start, level) = (0L, Int128.Zero);
        for (var i = 0; i < stages.Count; i++)
        {
            var segment = new RateSegmentLevels(start, stages[i].Over.Ticks, level, x[2 * i], x[(2 * i) + 1]);
            (start, level) = (start + segment.Ticks, segment.EndLevel);
            if (segment.EndLevel > segment.BaseLevel)
                growing.Add(segment);
        }
        return new([.. growing], 2 * (Int128)y, TimeSpan.FromTicks(ticks), x.Count > 0 && x[0] > 0, x.Count > 0 && x[^1] + x[^2] == 0);
    }

    /// <summary>The earliest time at which the level is reached, rounded down to a tick. The level lies in [0, <see cref="Total"/>].</summary>
    public TimeSpan TimeOf(Int128 level)
    {
        var (low, high) = (0, _ends.Length - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ends[middle] < level)
                low = middle + 1;
            else
                high = middle;
        }
        return TimeSpan.FromTicks(_growing[low].TickOf(level));
    }

    private static Stage Checked(Stage stage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(stage.Over, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stage.Over, PlanLimits.LongestDuration);
        foreach (var rate in new[] { stage.From, stage.To })
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rate.Count);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(rate.Per, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(rate.PerSecond, PlanLimits.HighestRate);
        }
        return stage;
    }

    /// <summary>
    /// The exact common denominator if the arithmetic then fits 128 bits; else the largest that fits, so that rates are off by less than
    /// one part in 10^9 (a rate such as 1/3.1415926535897 a start, ramped over weeks).
    /// </summary>
    private static BigInteger CommonDenominator(List<Fraction> rates, BigInteger factor, long finestUnit)
    {
        var highest = rates.Aggregate((Fraction)0L, (a, b) => a < b ? b : a);
        if (highest.Numerator.IsZero)
            return 1;
        var largest = BigInteger.Min(Limit * highest.Denominator / (factor * highest.Numerator), Finest);
        var exact = BigInteger.One;
        foreach (var rate in rates)
            exact = exact / BigInteger.GreatestCommonDivisor(exact, rate.Denominator) * rate.Denominator;
        if (exact > largest)
            return largest;
        while (exact < finestUnit && exact * 2 <= largest)
            exact *= 2;
        return exact;
    }
}
