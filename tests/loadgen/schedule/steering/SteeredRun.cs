using Pressure.LoadGen.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Steering;

/// <summary>A change, and how long after the one before it was made.</summary>
internal sealed record Step(TimeSpan After, SteeringChange Change);

/// <summary>Lanes that follow a steered workload on a clock that is turned, without an engine: what each of them took, in its order.</summary>
internal sealed class SteeredRun
{
    private readonly FakeTime _time = new();
    private readonly RunClock _clock;
    private readonly LaneStarts[] _lanes;
    private readonly List<Start>[] _taken;

    public SteeredRun(Workload workload, int lanes)
    {
        _clock = new RunClock(_time);
        Steering = new(workload, _clock);
        var scripts = workload.Plan.Scenarios.Select(_ => new ScenarioScript([default])).ToList();
        _lanes = [.. Enumerable.Range(0, lanes).Select(lane => LaneStarts.Create(workload, WorkShare.Whole, scripts, lane, lanes))];
        _taken = [.. _lanes.Select(_ => new List<Start>())];
    }

    public LoadGen.Steering Steering { get; }

    public IReadOnlyList<IReadOnlyList<Start>> Taken => _taken;

    public IEnumerable<Start> All => _taken.SelectMany(t => t);

    /// <summary>The changes that were made, with the moment from which each holds.</summary>
    public List<(TimeSpan At, SteeringChange Change)> Made { get; } = [];

    public static SteeredRun Of(Workload workload, int lanes, IEnumerable<Step> steps)
    {
        var run = new SteeredRun(workload, lanes);
        foreach (var step in steps)
        {
            run.TakeUntil(run._clock.Now + step.After);
            run.Make(step.Change);
            // Each lane hears of it at another time of the notice, having taken what was due by then.
            for (var lane = 0; lane < lanes; lane++)
                run.Hear(lane, run._clock.Now + (LoadGen.Steering.Notice * (lane / (double)lanes)));
        }
        run.TakeUntil(workload.Duration + TimeSpan.FromDays(1));
        return run;
    }

    public void Make(SteeringChange change)
    {
        if (Steering.Apply(change) is { Changed: true } made)
            Made.Add((made.At, change));
    }

    public void Hear(int lane, TimeSpan at)
    {
        Take(lane, at);
        if (Steering.Current is { } steered)
            _lanes[lane].Follow(steered, at);
    }

    public void TakeUntil(TimeSpan time)
    {
        for (var lane = 0; lane < _lanes.Length; lane++)
            Take(lane, time);
        _time.Advance(time - _clock.Now);
    }

    private void Take(int lane, TimeSpan until)
    {
        while (_lanes[lane].NextDue <= until)
            _taken[lane].Add(_lanes[lane].Take());
    }
}
