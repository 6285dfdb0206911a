namespace Pressure.LoadGen;

/// <summary>
/// Starts as a Poisson process: a unit-rate process on the axis of expected starts N, mapped to time through the inverse of N(t).
/// </summary>
/// <remarks>
/// The axis is cut into blocks of equal length. Counts of disjoint blocks are independent Poisson numbers, and given its count a block's
/// arrivals are sorted uniform numbers; so any block can be made on its own from (seed, block), and only the counts' running sums are kept:
/// <code>
///   N axis   |· ··  ·|  · · ·|·  ····|  ·|      each block: count, then sorted uniforms
///   sums     0       4       7       12  13
/// </code>
/// </remarks>
internal sealed class PoissonSchedule : Schedule
{
    /// <summary>Resolution wanted on the axis of expected starts: a sixteen-millionth of a start.</summary>
    public const long FinestUnit = 1 << 24;

    private const int ShortestBlock = 256;
    private const int MostBlocks = 1 << 20;

    private readonly long[] _firsts;

    public PoissonSchedule(RateProfile profile, int seed)
    {
        (Profile, Seed) = (profile, seed);
        var expected = profile.Total / profile.Unit;
        var length = ShortestBlock;
        while (expected / length >= MostBlocks)
            length *= 2;
        BlockLevels = length * profile.Unit;

        var whole = (int)(profile.Total / BlockLevels);
        var rest = profile.Total - (whole * BlockLevels);
        var (wholeCounts, restCounts) = (new PoissonCounts(length), new PoissonCounts((double)rest / (double)profile.Unit));
        _firsts = new long[whole + 2];
        for (var block = 0; block <= whole; block++)
        {
            var counts = block < whole ? wholeCounts : restCounts;
            _firsts[block + 1] = _firsts[block] + counts.Quantile(SeededUniform.At(seed, block, 0));
        }
    }

    public RateProfile Profile { get; }

    public int Seed { get; }

    public Int128 BlockLevels { get; }

    public override long Count => _firsts[^1];

    public override TimeSpan Duration => Profile.Duration;

    public override TimeSpan IntendedStart(long n)
    {
        var position = new PoissonPosition(this);
        return position.MoveTo(n);
    }

    public override StartCursor OpenCursor() => new PoissonCursor(this);

    /// <summary>The first start of a block and the first after it.</summary>
    public (long First, long End) StartsOf(int block) => (_firsts[block], _firsts[block + 1]);

    public Int128 LengthOf(int block) => block < _firsts.Length - 2 ? BlockLevels : Profile.Total - (block * BlockLevels);

    public int BlockOf(long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Count);
        // Blocks may be empty: take the last one that begins at or before n.
        var (low, high) = (0, _firsts.Length - 2);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_firsts[middle] <= n)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    private sealed class PoissonCursor(PoissonSchedule schedule) : StartCursor
    {
        private PoissonPosition _position = new(schedule);

        public override TimeSpan IntendedStart(long n) => _position.MoveTo(n);
    }
}
