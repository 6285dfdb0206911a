namespace Pressure.LoadGen;

/// <summary>
/// How the starts of a run are cut into shares: start n of every schedule (and user n of a closed load) belongs to exactly one of them, by a rule that depends on the
/// weights alone, so sums are exact however many shares there are. Where a start lies in time is the schedule's answer for its number: shares know nothing of time.
/// </summary>
/// <remarks>
/// The order within a period is that of <see cref="ScenarioMix"/> with shares instead of scenarios, and each period begins at another place of it: else of two scenarios that
/// take turns, each of two equal shares would run one. The places are multiples of the golden ratio, which keep step with no mix and are evenly spread.
/// <code>
///   weights 1:1   |0 1|1 0|0 1|1 0|0 1|0 1|1 0|...
/// </code>
/// In any prefix of the starts each share has its part to less than two starts (less than one when all are equal).
/// </remarks>
public sealed class ShareSplit
{
    /// <summary>Shares of a run, at most.</summary>
    public const int MostShares = 1_000;

    private readonly int[][] _places;
    private readonly ScenarioMix _order;
    private readonly int _period;

    /// <summary>Cuts by capacity.</summary>
    /// <param name="weights">One for each share, above zero: twice the weight, twice the starts. Whole numbers of a sum of at most <see cref="ScenarioMix.LongestPeriod"/> are exact.</param>
    /// <exception cref="ArgumentException">No share, more than <see cref="MostShares"/>, or a weight that is not above zero.</exception>
    public ShareSplit(IReadOnlyList<decimal> weights)
    {
        _order = new ScenarioMix(weights, MostShares);
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

    /// <summary>The share that start <paramref name="n"/> belongs to. Allocates nothing.</summary>
    public int ShareOf(long n)
    {
        var (period, place) = Math.DivRem(n, _period);
        return _order[TurnOf(period) + place];
    }

    /// <summary>The number of a share's <paramref name="k"/>-th start (from 0). Rising in k; over all shares every number comes exactly once. Allocates nothing.</summary>
    public long NumberOf(int share, long k)
    {
        var places = _places[share];
        var (period, nth) = Math.DivRem(k, places.Length);
        var turn = TurnOf(period);
        var at = PlacesBefore(places, turn) + (int)nth;
        var place = (at < places.Length ? places[at] : places[at - places.Length] + _period) - turn;
        return (period * _period) + place;
    }

    /// <summary>How many of a share's starts have a number below <paramref name="n"/>: the first that has not is its start of that index. Allocates nothing.</summary>
    public long CountBefore(int share, long n)
    {
        var places = _places[share];
        var (period, place) = Math.DivRem(n, _period);
        var turn = TurnOf(period);
        var end = turn + (int)place;
        var count = end <= _period ? PlacesBefore(places, end) : places.Length + PlacesBefore(places, end - _period);
        return (period * places.Length) + count - PlacesBefore(places, turn);
    }

    // Where in the order a period begins.
    private int TurnOf(long period) => GoldenRatio.Part(period, _period);

    private static int PlacesBefore(int[] places, int end)
    {
        var index = Array.BinarySearch(places, end);
        return index < 0 ? ~index : index;
    }
}
