using System.Numerics;

namespace Pressure.LoadGen;

/// <summary>
/// Which scenario iteration n runs: a pure function of n by a low-discrepancy rule, so that weights 7:3 are 7:3 over every short
/// window (each scenario's count within any prefix differs from its exact share by less than one), not only on average.
/// </summary>
/// <remarks>
/// Rule: R. Tijdeman, The chairman assignment problem (1980): of the scenarios that are far enough behind their share, the one whose
/// deadline comes first. It keeps k scenarios within 1 - 1 / (2 k - 2) of their shares. The order repeats after the sum of the weights in
/// lowest whole numbers. Weights whose sum exceeds <see cref="LongestPeriod"/> are rounded to it: each share is then off by less than
/// 1 / <see cref="LongestPeriod"/>, and none falls to zero.
/// </remarks>
public sealed class ScenarioMix
{
    /// <summary>Iterations after which the order repeats, at most.</summary>
    public const int LongestPeriod = 100_000;

    private readonly ushort[] _order;

    /// <summary>Weights above zero.</summary>
    /// <exception cref="ArgumentException">No weight, more than <see cref="PlanLimits.MostScenarios"/>, or one that is not above zero.</exception>
    public ScenarioMix(IReadOnlyList<decimal> weights)
        : this(weights, PlanLimits.MostScenarios)
    {
    }

    /// <summary>The same order of other things, of which there may be more.</summary>
    internal ScenarioMix(IReadOnlyList<decimal> weights, int most)
    {
        if (weights.Count == 0 || weights.Count > most || weights.Any(w => w <= 0))
            throw new ArgumentException("Give at least one weight, each above zero.", nameof(weights));
        Weights = WholeWeights(weights);
        _order = Order(Weights, Weights.Sum());
    }

    /// <summary>The weights in lowest whole numbers; they sum up to the period.</summary>
    public IReadOnlyList<int> Weights { get; }

    /// <summary>The scenario's position for iteration <paramref name="n"/>. Allocates nothing.</summary>
    public int this[long n] => _order[n % _order.Length];

    /// <summary>A place in the order for each of several that go through it by themselves; the first one begins at its beginning, all of them are evenly spread.</summary>
    internal long PlaceOf(int number) => GoldenRatio.Part(number, _order.Length);

    /// <summary>How often each scenario runs in the first <paramref name="iterations"/> iterations.</summary>
    public IReadOnlyList<long> CountsOf(long iterations)
    {
        var (periods, rest) = Math.DivRem(iterations, _order.Length);
        var counts = Weights.Select(w => w * periods).ToArray();
        foreach (var scenario in _order.AsSpan(0, (int)rest))
            counts[scenario]++;
        return counts;
    }

    private static int[] WholeWeights(IReadOnlyList<decimal> weights)
    {
        var fractions = weights.Select(w => (Fraction)w).ToList();
        var scale = fractions.Aggregate(BigInteger.One, (a, f) => a / BigInteger.GreatestCommonDivisor(a, f.Denominator) * f.Denominator);
        var whole = fractions.ConvertAll(f => f.Numerator * scale / f.Denominator);
        var divisor = whole.Aggregate(BigInteger.GreatestCommonDivisor);
        var sum = whole.Aggregate(BigInteger.Add);
        return sum / divisor <= LongestPeriod
            ? [.. whole.Select(w => (int)(w / divisor))]
            : Rounded(whole, sum);
    }

    /// <summary>Largest remainder, after one for each.</summary>
    private static int[] Rounded(List<BigInteger> whole, BigInteger sum)
    {
        var seats = LongestPeriod - whole.Count;
        var rounded = whole.ConvertAll(w => 1 + (int)(w * seats / sum));
        var byRemainder = Enumerable.Range(0, whole.Count).OrderByDescending(i => whole[i] * seats % sum);
        foreach (var i in byRemainder.Take(LongestPeriod - rounded.Sum()))
            rounded[i]++;
        return [.. rounded];
    }

    private static ushort[] Order(IReadOnlyList<int> weights, int period)
    {
        var order = new ushort[period];
        // ahead[i] = weight x iterations so far - period x runs so far: the lag behind the share, in 1 / period.
        var lag = new long[weights.Count];
        var band = Math.Max(1, (2L * weights.Count) - 2);
        for (var n = 0; n < period; n++)
        {
            var chosen = -1;
            for (var i = 0; i < lag.Length; i++)
            {
                lag[i] += weights[i];
                if (lag[i] * band >= period && (chosen < 0 || Slack(i) * weights[chosen] < Slack(chosen) * weights[i]))
                    chosen = i;
            }
            lag[chosen] -= period;
            order[n] = (ushort)chosen;
        }
        return order;

        // Time until scenario i must have run, times its weight and the band.
        long Slack(int i) => ((band - 1) * period) - (band * lag[i]);
    }
}
