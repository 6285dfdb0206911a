namespace Pressure.LoadGen.Engine;

/// <summary>A lane's part of the schedule: iterations lane, lane + lanes, lane + 2 lanes, ...</summary>
internal sealed class LaneStarts
{
    private readonly Workload _workload;
    private readonly IReadOnlyList<ScenarioScript> _scripts;
    private readonly StartCursor _cursor;
    private readonly StartCursor _askedCursor;
    private readonly int _lanes;
    private long _next;
    private long _askedUpTo;
    private long _count;

    /// <summary>Begins with the lane's first iteration.</summary>
    public LaneStarts(Workload workload, IReadOnlyList<ScenarioScript> scripts, int lane, int lanes)
    {
        (_workload, _scripts, _lanes, _next, _askedUpTo) = (workload, scripts, lanes, lane, lane);
        _count = workload.Starts.Count;
        _cursor = workload.Starts.OpenCursor();
        _askedCursor = workload.Starts.OpenCursor();
        NextDue = DueOf(_cursor, _next);
    }

    /// <summary>When the next iteration is due; <see cref="TimeSpan.MaxValue"/> when none is left.</summary>
    public TimeSpan NextDue { get; private set; }

    /// <summary>The number of the iteration that was taken last.</summary>
    public long Taken { get; private set; }

    /// <summary>Whether none is left.</summary>
    public bool Exhausted => _next >= _count;

    /// <summary>Takes the next iteration.</summary>
    public (ScenarioScript Script, TimeSpan Due, bool AlreadyAsked) Take()
    {
        var taken = (ScriptOf(_next), NextDue, _next < _askedUpTo);
        Taken = _next;
        _next += _lanes;
        NextDue = DueOf(_cursor, _next);
        return taken;
    }

    /// <summary>
    /// Counts as asked what is due before a second's end and has not been taken yet: a lane that is behind must not tell the second
    /// as calmer than it was meant to be.
    /// </summary>
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

    /// <summary>Cuts the schedule off here.</summary>
    public void End()
    {
        _count = 0;
        NextDue = TimeSpan.MaxValue;
    }

    private ScenarioScript ScriptOf(long n) => _scripts[_workload.Mix[n]];

    private TimeSpan DueOf(StartCursor cursor, long n) => n < _count ? cursor.IntendedStart(n) : TimeSpan.MaxValue;
}
