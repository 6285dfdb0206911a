namespace Pressure.TrafficCopy;

/// <summary>In how many answers a field differed: between the primary and the candidate, and between the two that should be the same.</summary>
/// <param name="Candidate">Answers in which the candidate's differs from the primary's.</param>
/// <param name="Noise">Answers in which the secondary's differs from the primary's.</param>
/// <param name="Both">Answers in which both do.</param>
internal readonly record struct FieldCounts(long Candidate, long Noise, long Both);

/// <summary>
/// Tells differences from noise. Were the candidate just another copy of the primary, then of the answers in which exactly one of the two differs from
/// the primary, each would be as likely the candidate's as the secondary's. So with
/// <code>
/// b = answers in which only the candidate differs     c = answers in which only the secondary does
/// p = P(X >= b),  X ~ Binomial(b + c, 1/2)            (the sign test, or McNemar's, one-sided and exact)
/// </code>
/// a field differs when the two that should be the same never differ there, or when p &lt; <see cref="Significance"/> and it differs at least
/// <see cref="LeastRatio"/> times as often as these do, or in <see cref="LeastExcess"/> of all answers more.
/// </summary>
internal static class NoiseTest
{
    /// <summary>How improbable it has to be that it is chance.</summary>
    public const double Significance = 0.001;

    /// <summary>With many answers the smallest excess is no chance; from here on it matters.</summary>
    public const double LeastRatio = 1.2, LeastExcess = 0.05;

    private const long MostSummed = 2_000;

    /// <summary>Whether it is a difference, not noise.</summary>
    /// <param name="counts">What was counted of the field.</param>
    /// <param name="answers">Answers that were compared.</param>
    public static bool Differs(FieldCounts counts, long answers)
    {
        if (counts.Candidate == 0)
            return false;
        if (counts.Noise == 0)
            return true;
        var excess = counts.Candidate - counts.Noise;
        return (counts.Candidate >= LeastRatio * counts.Noise || excess >= LeastExcess * answers)
            && Chance(counts.Candidate - counts.Both, counts.Noise - counts.Both) < Significance;
    }

    /// <summary>P(X >= b) for X ~ Binomial(b + c, 1/2).</summary>
    internal static double Chance(long b, long c)
    {
        var n = b + c;
        if (b <= c)
            return 1;
        return n > MostSummed ? Normal((b - 0.5 - n / 2.0) / Math.Sqrt(n / 4.0)) : Summed(b, n);
    }

    private static double Summed(long b, long n)
    {
        // From the rarest one downwards: n of n has 2^-n, and each next one follows from it.
        var (logTerm, sum) = (-n * Math.Log(2), 0.0);
        for (var k = n; k >= b; k--)
        {
            sum += Math.Exp(logTerm);
            logTerm += Math.Log((double)k / (n - k + 1));
        }
        return Math.Min(1, sum);
    }

    /// <summary>P(Z >= z) of the normal distribution, for z >= 0: Mills' ratio by its continued fraction beyond 1, which is all that is asked.</summary>
    private static double Normal(double z)
    {
        if (z < 1)
            return 0.5;
        var fraction = z;
        for (var k = 60; k >= 1; k--)
            fraction = z + k / fraction;
        return Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) / fraction;
    }
}
