namespace Pressure.LoadGen;

/// <summary>
/// How the starts of a run are cut into shares: start n of every schedule (and user n of a closed load) belongs to exactly one of them, by a rule that depends on the
/// weights alone, so sums are exact however many shares there are.
/// </summary>
/// <remarks>
/// The rule is that of <see cref="ScenarioMix"/> with shares instead of scenarios: in any prefix of the starts each share has its part, give or take one.
/// </remarks>
public sealed class ShareSplit
{
    private readonly int[][] _places;
    private readonly ScenarioMix _order;
    private readonly int _period;

    /// <summary>Cuts by capacity.</summary>
    /// <param name="weights">One for each share, above zero: twice the weight, twice the starts. Whole numbers of a sum of at most <see cref="ScenarioMix.LongestPeriod"/> are exact.</param>
    /// <exception cref="ArgumentException">No share, too many, or a weight that is not above zero.</exception>
    public ShareSplit(IReadOnlyList<decimal> weights)
    {
        _order = new ScenarioMix(weights);
        Weights = _order.Weights;
        _period = Weights.Sum();
        _places = [.. Weights.Select(w => new int[w])];
        var filled = new int[Weights.Count];
        for (var n = 0; n < _period; n++)
        {
            var share = _order[n];
            _places[share][filled[share]++] = n;
        }
    }

    /// <summary>Everything in one share.</summary>
    public static ShareSplit One { get; } = new([1m]);

    /// <summary>The weights in lowest whole numbers.</summary>
    public IReadOnlyList<int> Weights { get; }

    /// <summary>Shares.</summary>
    public int Count => Weights.Count;

    /// <summary>The share that start <paramref name="n"/> belongs to.</summary>
    public int ShareOf(long n) => _order[n];

    /// <summary>The number of a share's <paramref name="k"/>-th start (from 0). Rising in k; over all shares every number comes exactly once. Allocates nothing.</summary>
    public long NumberOf(int share, long k)
    {
        var places = _places[share];
        var (periods, place) = Math.DivRem(k, places.Length);
        return (periods * _period) + places[place];
    }
}
