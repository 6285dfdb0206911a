namespace Pressure.LoadGen;

/// <summary>
/// Cuts one global sequence of starts into weighted shares, for machines of unequal strength: each start belongs to exactly one share,
/// and every share has, within any prefix of the sequence, its exact part to less than one start.
/// </summary>
/// <remarks>
/// The order is that of <see cref="ScenarioMix"/> (Tijdeman's), so weights whose sum in lowest whole numbers exceeds
/// <see cref="ScenarioMix.LongestPeriod"/> are rounded to it. Where a start lies in time is the schedule's answer for its number:
/// shares know nothing of time.
/// </remarks>
public sealed class WeightedShares
{
    private readonly ScenarioMix _order;
    private readonly int[][] _positions;
    private readonly int _period;

    /// <summary>Weights above zero.</summary>
    /// <exception cref="ArgumentException">No weight, too many, or one that is not above zero.</exception>
    public WeightedShares(IReadOnlyList<decimal> weights)
    {
        _order = new ScenarioMix(weights);
        _period = _order.Weights.Sum();
        _positions = [.. Enumerable.Range(0, weights.Count).Select(share => Enumerable.Range(0, _period).Where(n => _order[n] == share).ToArray())];
    }

    /// <summary>How many shares there are.</summary>
    public int Count => _positions.Length;

    /// <summary>The share to which a start belongs.</summary>
    public int ShareOf(long start) => _order[start];

    /// <summary>The number, in the global sequence, of a share's k-th start (k from 0). Rises with k; allocates nothing.</summary>
    public long NumberOf(int share, long k)
    {
        var (periods, rest) = Math.DivRem(k, _positions[share].Length);
        return periods * _period + _positions[share][rest];
    }

    /// <summary>How many of the first <paramref name="total"/> starts belong to each share; they add up to the total.</summary>
    public IReadOnlyList<long> CountsOf(long total) => _order.CountsOf(total);
}
