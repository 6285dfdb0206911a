namespace Pressure.LoadGen.Engine;

/// <summary>A lane's part of the schedules: of the first stream starts lane, lane + lanes, ..., of the next one shifted by one lane, and so on.</summary>
internal sealed class ScheduledStarts : LaneStarts
{
    private readonly Part[] _parts;
    private Part _next;

    public ScheduledStarts(Workload workload, IReadOnlyList<ScenarioScript> scripts, int lane, int lanes)
    {
        _parts = [.. workload.Streams.Select((s, i) => new Part(s, workload.Mix, scripts, (lane + i) % lanes, lanes) { Offset = OffsetOf(workload.Streams, i) })];
        _next = Earliest();
    }

    public override TimeSpan NextDue => _next.NextDue;

    public override bool IsExhausted(TimeSpan now) => NextDue == TimeSpan.MaxValue;

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

    public override void End()
    {
        foreach (var part in _parts)
            part.End();
    }

    // Iterations of the second scenario are numbered on from the last one of the first.
    private static long OffsetOf(IReadOnlyList<StartStream> streams, int position) => streams.Take(position).Sum(s => s.Starts.Count);

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
        private readonly StartCursor _cursor;
        private readonly StartCursor _askedCursor;
        private readonly int _lanes;
        private long _next;
        private long _askedUpTo;
        private long _count;

        public Part(StartStream stream, ScenarioMix mix, IReadOnlyList<ScenarioScript> scripts, int first, int lanes)
        {
            (_scenario, _mix, _scripts, _lanes, _next, _askedUpTo) = (stream.Scenario, mix, scripts, lanes, first, first);
            _count = stream.Starts.Count;
            _cursor = stream.Starts.OpenCursor();
            _askedCursor = stream.Starts.OpenCursor();
            NextDue = DueOf(_cursor, _next);
        }

        public TimeSpan NextDue { get; private set; }

        public long Offset { private get; init; }

        public Start Take()
        {
            var taken = new Start(ScriptOf(_next), Offset + _next, NextDue, _next < _askedUpTo, User: null);
            _next += _lanes;
            NextDue = DueOf(_cursor, _next);
            return taken;
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

            _askedUpTo = n;
        }

        public void End()
        {
            _count = 0;
            NextDue = TimeSpan.MaxValue;
        }

        private ScenarioScript ScriptOf(long n) => _scripts[_scenario ?? _mix[n]];

        private TimeSpan DueOf(StartCursor cursor, long n) => n < _count ? cursor.IntendedStart(n) : TimeSpan.MaxValue;
    }
}
