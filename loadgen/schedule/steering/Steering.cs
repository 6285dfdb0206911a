using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>
/// The changes of a running load, in order. Each holds from a moment a little ahead, so that every lane has heard of it by then and
/// all of them still share one sequence of starts: those before the moment stay, those after it are made anew. Thread-safe.
/// </summary>
/// <remarks>
/// A lane that hears of a change too late (its thread did not run for so long) goes on with the number it is at: shares stay disjoint and
/// complete, only the few starts in between were made as they had been planned.
/// </remarks>
public sealed class Steering
{
    /// <summary>More changes than this are refused: each is kept to the end of the run.</summary>
    public const int MostChanges = 10_000;

    /// <summary>How far ahead a change holds; lanes look for one at least every 100 ms.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(250);

    // What of the notice must be left when the lanes can see the change.
    private static readonly TimeSpan LeastNotice = TimeSpan.FromMilliseconds(150);

    private readonly Workload _workload;
    private readonly RunClock _clock;
    private readonly Lock _gate = new();
    private SteeredWorkload? _current;
    private SteeringState _state = SteeringState.Planned;
    private TimeSpan _lastAt;
    private int _changes;

    /// <summary>Nothing changed yet.</summary>
    public Steering(Workload workload, RunClock clock) => (_workload, _clock) = (workload, clock);

    /// <summary>How the load is steered, the last change included, even if it holds only in a moment.</summary>
    public SteeringState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>What lanes are to follow; null while everything is as planned.</summary>
    internal SteeredWorkload? Current => Volatile.Read(ref _current);

    /// <summary>Makes a change, or tells why not. One that is so already changes nothing.</summary>
    public SteeringResult Apply(SteeringChange change)
    {
        lock (_gate)
        {
            if (SteeringLimits.Refusal(_workload, change) is var refusal and not SteeringRefusal.None)
                return new(refusal);
            if (_state.FinishedAt is not null)
                return new(SteeringRefusal.Over);
            if (_state.After(change, default) == _state)
                return new(SteeringRefusal.None, _lastAt);
            if (_changes == MostChanges && change is not SteeringChange.Finish)
                return new(SteeringRefusal.TooManyChanges);
            return Publish(change);
        }
    }

    private SteeringResult Publish(SteeringChange change)
    {
        // To work out the rest of a long run at a high rate may take its time.
        for (var notice = Notice; ; notice *= 2)
        {
            var at = Latest(_clock.Now + notice, _lastAt, TimeSpan.Zero);
            if (at >= _workload.Duration)
                return new(SteeringRefusal.Over);
            var state = _state.After(change, at);
            if (SteeringLimits.AsksTooMuch(_workload, state, at))
                return new(SteeringRefusal.TooManyRequests);
            var steered = (_current ?? SteeredWorkload.Of(_workload)).Then(_workload, state, at);
            if (at - _clock.Now < LeastNotice)
                continue;
            (_state, _lastAt) = (state, at);
            _changes++;
            Volatile.Write(ref _current, steered);
            return new(SteeringRefusal.None, at, Changed: true);
        }
    }

    private static TimeSpan Latest(params ReadOnlySpan<TimeSpan> times)
    {
        var latest = times[0];
        foreach (var time in times)
            latest = time > latest ? time : latest;
        return latest;
    }
}
