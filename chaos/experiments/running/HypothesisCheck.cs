using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>Asks all probes of the hypothesis once, in order, and tells the timeline of those whose answer is another one than before.</summary>
internal sealed class HypothesisCheck(ExperimentRun run, ActivityRunner activities)
{
    private readonly Dictionary<string, bool> _held = [];

    /// <summary>Somebody else asks continuously and tells what changes; here only what does not hold is told then.</summary>
    public bool IsWatched { get; set; }

    public async Task<HypothesisState> AskAsync(CancellationToken stop)
    {
        List<ProbeState> states = [];
        foreach (var probe in run.Experiment.Hypothesis!.Probes)
        {
            await run.DelayAsync(probe.PauseBefore, stop);
            var result = await activities.LookAsync(probe, stop);
            await run.DelayAsync(probe.PauseAfter, stop);
            var problem = result.Problem ?? result.Deviation;
            states.Add(new(probe, result, problem));
            Tell(probe, result.Start, problem);
        }
        return new(states);
    }

    /// <summary>Tells of a probe that was asked once, if its answer is another one than before.</summary>
    public void Tell(Activity probe, TimeSpan at, string? problem)
    {
        var held = problem is null;
        lock (_held)
        {
            if (_held.TryGetValue(probe.Name, out var before) && before == held)
                return;
            _held[probe.Name] = held;
        }
        if (!held)
            run.Tell(new TimelineEvent.ProbeFailed(at, run.Id, probe.Name, run.Journal.Redacted(problem!)));
        else if (!IsWatched)
            run.Tell(new TimelineEvent.ProbeHeld(at, run.Id, probe.Name));
    }
}
