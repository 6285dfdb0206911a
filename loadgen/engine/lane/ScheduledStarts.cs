namespace Pressure.LoadGen.Engine;

/// <summary>A lane's part of the schedules: of the first stream starts lane, lane + lanes, ..., of the next one shifted by one lane, and so on.</summary>
internal sealed class ScheduledStarts : LaneStarts
{
    private readonly Part[] _parts;
    private Part _next;
    private TimeSpan _end;

    public ScheduledStarts(Workload workload, IReadOnlyList<ScenarioScript> scripts, int lane, int lanes)
    {
        _end = workload.Duration;
        _parts = [.. workload.Streams.Select((s, i) => new Part(s, workload.Mix, scripts, (lane + i) % lanes, lanes, StartNumbers.Of(workload.Streams, i)))];
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
        private readonly int _lanes;
        private StartCursor _cursor;
        private StartCursor _askedCursor;
        private long _next;
        private long _askedUpTo;
        private TimeSpan _askedBefore;
        private long _count;

        public Part(StartStream stream, ScenarioMix mix, IReadOnlyList<ScenarioScript> scripts, int first, int lanes, StartNumbers numbers)
        {
            (_scenario, _mix, _scripts, _lanes, _next, _askedUpTo, _numbers) = (stream.Scenario, mix, scripts, lanes, first, first, numbers);
            (_count, _cursor, _askedCursor) = Open(stream.Starts);
            NextDue = DueOf(_cursor, _next);
        }

        public TimeSpan NextDue { get; private set; }

        public Start Take()
        {
            var taken = new Start(ScriptOf(_next), _numbers[_next], NextDue, _next < _askedUpTo, User: null);
            _next += _lanes;
            NextDue = DueOf(_cursor, _next);
            return taken;
        }

        public void Follow(Schedule starts)
        {
            (_count, _cursor, _askedCursor) = Open(starts);
            NextDue = DueOf(_cursor, _next);
        }

        public void CountAskedBefore(TimeSpan end, LaneBook book)
        {
            if (NextDue >= end)
                return;
            var n = Math.Max(_next, _askedUpTo);
            for (; DueOf(_askedCursor, n) < end; n += _lanes)
            {
                if (ScriptOf(n).First is { } first)
                    book.Asked(first);
            }

            (_askedUpTo, _askedBefore) = (n, end);
        }

        public void End()
        {
            _count = 0;
            NextDue = TimeSpan.MaxValue;
        }

        private ScenarioScript ScriptOf(long n) => _scripts[_scenario ?? _mix[n]];

        private static (long Count, StartCursor Cursor, StartCursor AskedCursor) Open(Schedule starts) => (starts.Count, starts.OpenCursor(), starts.OpenCursor());

        private TimeSpan DueOf(StartCursor cursor, long n)
        {
            var due = n < _count ? cursor.IntendedStart(n) : TimeSpan.MaxValue;
            // What has been counted as asked stays due, even if the lane hears too late that the load was steered otherwise.
            return n < _askedUpTo && due > _askedBefore ? _askedBefore : due;
        }
    }
}
