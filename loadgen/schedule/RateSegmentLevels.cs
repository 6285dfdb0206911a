using System.Numerics;

namespace Pressure.LoadGen;

/// <summary>One straight piece of a <see cref="RateProfile"/>: where it starts, how long it is, and its rates, all in whole numbers.</summary>
internal readonly record struct RateSegmentLevels(long StartTick, long Ticks, Int128 BaseLevel, Int128 From, Int128 To)
{
    public Int128 EndLevel => BaseLevel + ((From + To) * Ticks);

    /// <summary>The tick (from the beginning of the load, rounded down) at which a level within this segment is reached.</summary>
    public long TickOf(Int128 level)
    {
        var gone = level - BaseLevel;
        if (From == To)
            return StartTick + (long)(gone / (2 * From));
        if (From < To)
            return StartTick + LastTickWithin(From, To, gone);
        // A falling rate is a rising one seen from its end; so the root is never a small difference of large numbers.
        var left = EndLevel - level;
        return StartTick + Ticks - FirstTickReaching(To, From, left);
    }

    /// <summary>The level at a tick (from the beginning of the load) within this segment.</summary>
    public Fraction LevelAt(long tick) => new((BigInteger)BaseLevel * Ticks + Grown(From, To, tick - StartTick), Ticks);

    /// <summary>2 a t + (b - a) t^2 / T as a multiple of 1 / T, so that it stays whole.</summary>
    private Int128 Grown(Int128 a, Int128 b, long t) => ((2 * a * Ticks) + ((b - a) * t)) * t;

    private long LastTickWithin(Int128 a, Int128 b, Int128 level)
    {
        var t = Estimate(a, b, level);
        while (t > 0 && Grown(a, b, t) > level * Ticks)
            t--;
        while (t < Ticks && Grown(a, b, t + 1) <= level * Ticks)
            t++;
        return t;
    }

    private long FirstTickReaching(Int128 a, Int128 b, Int128 level)
    {
        var t = LastTickWithin(a, b, level);
        return Grown(a, b, t) < level * Ticks ? t + 1 : t;
    }

    /// <summary>The quadratic formula in floating point, within a tick or two of the truth.</summary>
    private long Estimate(Int128 a, Int128 b, Int128 level)
    {
        var (from, slope, grown) = ((double)a, (double)(b - a), (double)level);
        var root = Math.Sqrt((from * from) + (slope * grown / Ticks));
        var t = from + root > 0 ? grown / (from + root) : 0;
        return Math.Clamp((long)t, 0, Ticks);
    }
}
