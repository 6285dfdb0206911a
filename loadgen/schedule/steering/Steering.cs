using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>
/// The changes of a running load, in order. Each holds from a moment a little ahead, so that every lane has heard of it by then and
/// all of them still share one sequence of starts: those before the moment stay, those after it are made anew. Thread-safe.
/// </summary>
/// <remarks>
/// A lane that hears of a change too late (its thread did not run for so long) goes on with the number it is at: shares stay disjoint and
/// complete, only the few starts in between were made as they had been planned.
/// Of several processes that make a run together one says when a change holds (<see cref="Apply"/>) and the others follow it (<see cref="Follow"/>): the same changes in the
/// same order make the same schedules, however late a process hears of them. One that begins late hears of all of them before it begins.
/// </remarks>
public sealed class Steering
{
    /// <summary>More changes than this are refused: each is kept to the end of the run.</summary>
    public const int MostChanges = 10_000;

    /// <summary>How far ahead a change holds in one process; lanes look for one at least every 100 ms.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(250);

    // What of the notice must be left when the lanes can see the change.
    private static readonly TimeSpan LeastNotice = TimeSpan.FromMilliseconds(150);

    private readonly Workload _workload;
    private readonly RunClock _clock;
    private readonly TimeSpan _notice;
    private readonly Lock _gate = new();
    private SteeredWorkload? _current;
    private SteeringState _state = SteeringState.Planned;
    private TimeSpan _lastAt;
    private readonly List<(TimeSpan At, SteeringChange Change)> _changes = [];

    /// <summary>Nothing changed yet.</summary>
    public Steering(Workload workload, RunClock clock)
        : this(workload, clock, Notice)
    {
    }

    /// <summary>Nothing changed yet; changes hold so long after they are made, which others who are to follow them need to hear of them.</summary>
    public Steering(Workload workload, RunClock clock, TimeSpan notice) => (_workload, _clock, _notice) = (workload, clock, notice);

    /// <summary>How the load is steered, the last change included, even if it holds only in a moment.</summary>
    public SteeringState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>All changes so far, in order, each with the moment from which on it holds.</summary>
    public IReadOnlyList<(TimeSpan At, SteeringChange Change)> Changes
    {
        get
        {
            lock (_gate)
                return [.. _changes];
        }
    }

    /// <summary>How many changes there are so far.</summary>
    public int ChangeCount
    {
        get
        {
            lock (_gate)
                return _changes.Count;
        }
    }

    /// <summary>What lanes are to follow; null while everything is as planned.</summary>
    internal SteeredWorkload? Current => Volatile.Read(ref _current);

    /// <summary>Makes a change, or tells why not. One that is so already changes nothing.</summary>
    public SteeringResult Apply(SteeringChange change)
    {
        lock (_gate)
        {
            if (Unchanged(change) is { } result)
                return result;
            // To work out the rest of a long run at a high rate may take its time.
            for (var notice = _notice; ; notice *= 2)
            {
                var at = Latest(_clock.Now + notice, _lastAt, TimeSpan.Zero);
                if (WorkOut(change, at, out var worked) is var refusal and not SteeringRefusal.None)
                    return new(refusal);
                if (at - _clock.Now >= LeastNotice)
                    return Publish(change, worked, at);
            }
        }
    }

    /// <summary>
    /// Makes a change that somebody else has made, from the moment on that was agreed, or from that of the change before if that is later. What comes of it depends on nothing
    /// but the changes so far.
    /// </summary>
    public SteeringResult Follow(TimeSpan at, SteeringChange change)
    {
        lock (_gate)
        {
            if (Unchanged(change) is { } result)
                return result;
            at = Latest(at, _lastAt, TimeSpan.Zero);
            return WorkOut(change, at, out var worked) is var refusal and not SteeringRefusal.None ? new(refusal) : Publish(change, worked, at);
        }
    }

    // What comes of a change that changes nothing; null for one that does.
    private SteeringResult? Unchanged(SteeringChange change)
    {
        if (SteeringLimits.Refusal(_workload, change) is var refusal and not SteeringRefusal.None)
            return new(refusal);
        if (_state.FinishedAt is not null)
            return new(SteeringRefusal.Over);
        if (_state.After(change, default) == _state)
            return new(SteeringRefusal.None, _lastAt);
        return _changes.Count == MostChanges && change is not SteeringChange.Finish ? new(SteeringRefusal.TooManyChanges) : null;
    }

    private SteeringRefusal WorkOut(SteeringChange change, TimeSpan at, out (SteeringState State, SteeredWorkload Load) worked)
    {
        worked = default;
        if (at >= _workload.Duration)
            return SteeringRefusal.Over;
        var state = _state.After(change, at);
        if (SteeringLimits.AsksTooMuch(_workload, state, at))
            return SteeringRefusal.TooManyRequests;
        worked = (state, (_current ?? SteeredWorkload.Of(_workload)).Then(_workload, state, at));
        return SteeringRefusal.None;
    }

    private SteeringResult Publish(SteeringChange change, (SteeringState State, SteeredWorkload Load) worked, TimeSpan at)
    {
        (_state, _lastAt) = (worked.State, at);
        _changes.Add((at, change));
        Volatile.Write(ref _current, worked.Load);
        return new(SteeringRefusal.None, at, Changed: true);
    }

    private static TimeSpan Latest(params ReadOnlySpan<TimeSpan> times)
    {
        var latest = times[0];
        foreach (var time in times)
            latest = time > latest ? time : latest;
        return latest;
    }
}
