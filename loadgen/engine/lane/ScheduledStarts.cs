namespace Pressure.LoadGen.Engine;

/// <summary>A lane's part of a share of the schedules: of the first stream the share's starts lane, lane + lanes, ..., of the next one shifted by one lane, and so on.</summary>
/// <remarks>
/// <code>
///   schedule        0  1  2  3  4  5  6  7  8  9 ...
///   share           .  0  .  1  2  .  .  3  .  4 ...     its k-th start is number share.NumberOf(k)
///   lane 1 of 2           1           3                  those of odd k
/// </code>
/// </remarks>
internal sealed class ScheduledStarts : LaneStarts
{
    private readonly Part[] _parts;
    private Part _next;
    private TimeSpan _end;

    public ScheduledStarts(Workload workload, WorkShare share, IReadOnlyList<ScenarioScript> scripts, int lane, int lanes)
    {
        _end = workload.Duration;
        _parts = [.. workload.Streams.Select((s, i) => new Part(s, share, workload.Mix, scripts, (lane + i) % lanes, lanes, StartNumbers.Of(workload.Streams, i)))];
        _next = Earliest();
    }

    public override TimeSpan NextDue => _next.NextDue;

    public override bool IsExhausted(TimeSpan now) => NextDue == TimeSpan.MaxValue && now >= _end;

    public override Start Take()
    {
        var taken = _next.Take();
        _next = Earliest();
        return taken;
    }

    public override void CountAskedBefore(TimeSpan end, LaneBook book)
    {
        foreach (var part in _parts)
            part.CountAskedBefore(end, book);
    }

    public override void Follow(SteeredWorkload steered, TimeSpan now)
    {
        _end = steered.End;
        for (var i = 0; i < _parts.Length; i++)
            _parts[i].Follow(steered.Starts[i]);
        _next = Earliest();
    }

    public override void End()
    {
        _end = TimeSpan.MinValue;
        foreach (var part in _parts)
            part.End();
    }

    // Of two at once the scenario that stands first in the plan.
    private Part Earliest()
    {
        var earliest = _parts[0];
        for (var i = 1; i < _parts.Length; i++)
        {
            if (_parts[i].NextDue < earliest.NextDue)
                earliest = _parts[i];
        }
        return earliest;
    }

    private sealed class Part
    {
        private readonly int? _scenario;
        private readonly ScenarioMix _mix;
        private readonly IReadOnlyList<ScenarioScript> _scripts;
        private readonly StartNumbers _numbers;
        private readonly WorkShare _share;
        private readonly int _lane;
        private readonly int _lanes;
        private StartCursor _cursor;
        private StartCursor _askedCursor;
        private bool _begun;
        private long _count;

        // Counted in the share's own starts.
        private long _next;
        private long _askedUpTo;
        private TimeSpan _askedBefore;

        public Part(StartStream stream, WorkShare share, ScenarioMix mix, IReadOnlyList<ScenarioScript> scripts, int lane, int lanes, StartNumbers numbers)
        {
            (_scenario, _share, _mix, _scripts, _lane, _lanes, _numbers) = (stream.Scenario, share, mix, scripts, lane, lanes, numbers);
            (_count, _cursor, _askedCursor) = Open(stream.Starts);
            BeginAt(FirstOf(stream.Starts));
        }

        public TimeSpan NextDue { get; private set; }

        public Start Take()
        {
            _begun = true;
            var n = _share.NumberOf(_next);
            var taken = new Start(ScriptOf(n), _numbers[n], NextDue, _next < _askedUpTo, User: null);
            _next += _lanes;
            NextDue = DueOf(_cursor, _next);
            return taken;
        }

        public void Follow(Schedule starts)
        {
            (_count, _cursor, _askedCursor) = Open(starts);
            // What had been steered before this lane began may have moved the first start after the time at which the share begins.
            if (_begun)
                NextDue = DueOf(_cursor, _next);
            else
                BeginAt(FirstOf(starts));
        }

        public void CountAskedBefore(TimeSpan end, LaneBook book)
        {
            if (NextDue >= end)
                return;
            _begun = true;
            var k = Math.Max(_next, _askedUpTo);
            for (; DueOf(_askedCursor, k) < end; k += _lanes)
            {
                if (ScriptOf(_share.NumberOf(k)).First is { } first)
                    book.Asked(first);
            }

            (_askedUpTo, _askedBefore) = (k, end);
        }

        public void End()
        {
            _count = 0;
            NextDue = TimeSpan.MaxValue;
        }

        // Those before the share's own beginning are somebody else's.
        private long FirstOf(Schedule starts) => _share.CountBefore(starts.CountBefore(_share.From)) + _lane;

        private void BeginAt(long first)
        {
            (_next, _askedUpTo) = (first, first);
            NextDue = DueOf(_cursor, first);
        }

        private ScenarioScript ScriptOf(long n) => _scripts[_scenario ?? _mix[n]];

        private static (long Count, StartCursor Cursor, StartCursor AskedCursor) Open(Schedule starts) => (starts.Count, starts.OpenCursor(), starts.OpenCursor());

        private TimeSpan DueOf(StartCursor cursor, long k)
        {
            var n = _share.NumberOf(k);
            var due = n < _count ? cursor.IntendedStart(n) : TimeSpan.MaxValue;
            // What has been counted as asked stays due, even if the lane hears too late that the load was steered otherwise.
            return k < _askedUpTo && due > _askedBefore ? _askedBefore : due;
        }
    }
}
