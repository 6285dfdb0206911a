namespace Pressure.LoadGen;

/// <summary>A schedule whose rest was made anew, once or more: what lies before a change never moves.</summary>
/// <remarks>
/// <code>
///   planned     |. . . . . . . . . . . . .|
///   pause at 3  |. . .|                   |      each piece has its own schedule, and starts are numbered on from piece to piece
///   rate at 5   |. . .|   |.............. |
/// </code>
/// Evenly spread starts keep what was asked for and has not come to a whole start yet, so that N(t) has no step. Poisson arrivals have no
/// memory: each piece is a process of its own.
/// </remarks>
internal sealed class SteeredSchedule : Schedule
{
    // Far below a tick's worth of any rate that a plan may have.
    private const long FinestUnit = 1L << 32;

    private readonly StartOrder _order;
    private readonly Piece[] _pieces;

    private SteeredSchedule(StartOrder order, Piece[] pieces, TimeSpan duration) => (_order, _pieces, Duration) = (order, pieces, duration);

    public override long Count => _pieces[^1].End;

    public override TimeSpan Duration { get; }

    /// <summary>As planned so far.</summary>
    public static SteeredSchedule Of(StartStream stream) =>
        new(stream.Order, [new(TimeSpan.Zero, stream.Starts, First: 0, stream.Starts.Count)], stream.Starts.Duration);

    /// <summary>With other lines from a time on, which is not before that of the last change, to the end of the load.</summary>
    public SteeredSchedule Then(TimeSpan at, IReadOnlyList<RateLine> lines)
    {
        var kept = KeptUntil(at);
        var last = kept[^1];
        Schedule rest = last.Starts is UniformSchedule uniform
            ? new UniformSchedule(RateProfile.Create(lines, FinestUnit), uniform.MissingTo(last.Count, at - last.From))
            : new PoissonSchedule(RateProfile.Create(lines, PoissonSchedule.FinestUnit), (int)SeededUniform.Bits(_order.Seed, kept.Count, 0));
        return new(_order, [.. kept, new(at, rest, last.End, rest.Count)], Duration);
    }

    /// <summary>With nothing from a time on.</summary>
    public SteeredSchedule Until(TimeSpan at) => new(_order, [.. KeptUntil(at)], at);

    public override TimeSpan IntendedStart(long n)
    {
        ref readonly var piece = ref _pieces[PieceOf(n)];
        return piece.From + piece.Starts.IntendedStart(n - piece.First);
    }

    public override StartCursor OpenCursor() => new SteeredCursor(this);

    private List<Piece> KeptUntil(TimeSpan at)
    {
        // The first one stays even if nothing is left of it: it tells how the load begins.
        var kept = _pieces.Where((p, i) => i == 0 || p.From < at).ToList();
        kept[^1] = kept[^1].Until(at);
        return kept;
    }

    private int PieceOf(long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Count);
        var (low, high) = (0, _pieces.Length - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_pieces[middle].End <= n)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private readonly record struct Piece(TimeSpan From, Schedule Starts, long First, long Count)
    {
        public long End => First + Count;

        public Piece Until(TimeSpan at) => this with { Count = Math.Min(Count, Starts.CountBefore(at - From)) };
    }

    private sealed class SteeredCursor(SteeredSchedule schedule) : StartCursor
    {
        private Piece _piece;
        private StartCursor? _cursor;

        public override TimeSpan IntendedStart(long n)
        {
            if (_cursor is null || n < _piece.First || n >= _piece.End)
            {
                _piece = schedule._pieces[schedule.PieceOf(n)];
                _cursor = _piece.Starts.OpenCursor();
            }

            return _piece.From + _cursor.IntendedStart(n - _piece.First);
        }
    }
}
