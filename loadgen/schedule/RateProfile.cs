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

    /// <summary>Prepares lines in order.</summary>
    /// <param name="lines">Lines.</param>
    /// <param name="finestUnit">Refines the unit up to this as far as 128 bits allow.</param>
    public static RateProfile Create(IReadOnlyList<RateLine> lines, long finestUnit)
    {
        var ticks = lines.Aggregate(0L, (sum, line) => checked(sum + line.Ticks));
        var rates = lines.SelectMany(line => new[] { line.From, line.To }).ToList();
        var y = CommonDenominator(rates, new BigInteger(ticks) * ticks * 4, finestUnit);
        var x = rates.ConvertAll(r => (Int128)(r * new Fraction(y, 1)).Round());

        var growing = new List<RateSegmentLevels>();
        var (start, level) = (0L, Int128.Zero);
        for (var i = 0; i < lines.Count; i++)
        {
            var segment = new RateSegmentLevels(start, lines[i].Ticks, level, x[2 * i], x[(2 * i) + 1]);
            (start, level) = (start + segment.Ticks, segment.EndLevel);
            if (segment.EndLevel > segment.BaseLevel)
                growing.Add(segment);
        }
        return new([.. growing], 2 * (Int128)y, TimeSpan.FromTicks(ticks), x.Count > 0 && x[0] > 0, x.Count > 0 && x[^1] + x[^2] == 0);
    }

    /// <summary>The level at a time within the load, exact.</summary>
    public Fraction LevelAt(TimeSpan time)
    {
        Fraction level = 0L;
        foreach (var segment in _growing)
        {
            if (segment.StartTick >= time.Ticks)
                break;
            level = segment.LevelAt(Math.Min(time.Ticks, segment.StartTick + segment.Ticks));
        }
        return level;
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

    /// <summary>
    /// The exact common denominator if the arithmetic then fits 128 bits; else the largest that fits, so that rates are off by less than
    /// one part in 10^9 (a rate such as 1/3.1415926535897 a start, ramped over weeks).
    /// </summary>
    private static BigInteger CommonDenominator(List<Fraction> rates, BigInteger factor, long finestUnit)
    {
        var highest = rates.Aggregate((Fraction)0L, (a, b) => a < b ? b : a);
        if (highest.Numerator.IsZero)
            return finestUnit;
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
