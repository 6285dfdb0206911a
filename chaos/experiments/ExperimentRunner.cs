using Pressure.Faults;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>
/// Runs an experiment: hypothesis, method, undoing of whatever its faults left in force, hypothesis, rollbacks; writes the journal.
/// </summary>
/// <remarks>
/// <code>
///   before ──held──▶ method ──▶ undo ──▶ after ──▶ rollbacks ──▶ ended
///      └─not─▶ failed    └─ an action fails, a guard refuses, a probe deviates, somebody stops: undo at once
/// </code>
/// </remarks>
/// <param name="world">What it reaches.</param>
public sealed class ExperimentRunner(ChaosWorld world)
{
    /// <summary>Is told every step, for people who watch; must not block.</summary>
    public Action<ExperimentStep>? Told { get; init; }

    /// <summary>
    /// Runs it to its end. When <paramref name="stop"/> says so, nothing new begins, every fault is undone, rollbacks are done, and it returns with
    /// status <see cref="ExperimentStatus.Interrupted"/>. Never throws because of what the experiment meets.
    /// </summary>
    /// <param name="experiment">A checked experiment.</param>
    /// <param name="by">Who runs it.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task<ExperimentOutcome> RunAsync(Experiment experiment, string by, CancellationToken stop)
    {
        using var run = new ExperimentRun(world, experiment, by, Told, stop);
        using var registered = Register(run);
        run.Tell(new TimelineEvent.ExperimentStarted(run.Now, run.Id, experiment.Title, by));
        var deviated = false;
        await TellAsync(run, "begins", $"run {run.Id}");
        try
        {
            deviated = await PhasesAsync(run);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            run.End.End(ExperimentStatus.Aborted, $"it met what nobody thought of: {e.GetType().Name}: {e.Message}");
        }
        if (run.Journal.Problem is { } unwritten)
            run.End.End(ExperimentStatus.Failed, unwritten);
        await TellAsync(run, (run.End.Status ?? ExperimentStatus.Completed).ToString().ToLowerInvariant(), run.Journal.Redacted(run.End.Why));
        return Outcome(run, deviated);
    }

    // So that others on this machine see it, and can ask for its end.
    private static RunningExperiments.Registration? Register(ExperimentRun run)
    {
        if (run.World.StateFolder is not { } folder)
            return null;
        try
        {
            var registration = new RunningExperiments(folder).Register(new(run.Id, run.Experiment.Title, run.By, Environment.ProcessId, run.World.Time.GetUtcNow()), run.World.Time);
            registration.StopAsked.Register(() => run.End.End(ExperimentStatus.Interrupted, "somebody asked for its end"));
            return registration;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            run.End.End(ExperimentStatus.Failed, $"it can't be noted in {folder} that it runs: {e.Message}");
            return null;
        }
    }

    // Who only looks does nothing that has to be told of.
    private static Task TellAsync(ExperimentRun run, string outcome, string detail) =>
        run.Experiment is { Method: [], Rollbacks: [] } ? Task.CompletedTask : run.Audit.TellAsync("experiment", run.Experiment.Title, outcome, detail);

    private static ExperimentOutcome Outcome(ExperimentRun run, bool deviated)
    {
        var status = run.End.Status ?? ExperimentStatus.Completed;
        IReadOnlyList<string> left = [.. run.Left];
        run.Journal.Close(status, deviated, run.End.Why, left);
        run.Tell(new TimelineEvent.ExperimentEnded(run.Now, run.Id, run.Experiment.Title, status.ToString().ToLowerInvariant(), deviated));
        return new(run.Id, status, deviated, run.Journal.Document, left) { Refusals = [.. run.Refusals], Why = run.Journal.Redacted(run.End.Why) };
    }

    /// <summary>Whether it deviated.</summary>
    private static async Task<bool> PhasesAsync(ExperimentRun run)
    {
        await using var engine = new EngineWatch(run);
        await using var strikes = new Strikes(run, engine);
        FaultActivity? faults = null;
        var activities = new ActivityRunner(run) { Faults = (fault, stop) => faults!.RunAsync(fault, stop) };
        var hypothesis = new HypothesisCheck(run, activities);
        faults = new(run, strikes, hypothesis);

        var every = run.Experiment.Hypothesis is null ? null : run.Experiment.Settings.ProbeEvery;
        hypothesis.IsWatched = every is not null;
        if (!await HoldsBeforeAsync(run, hypothesis))
            return false;
        bool deviated;
        await using (var watch = every is { } interval ? new HypothesisWatch(run, activities, interval) : null)
        {
            run.Step(ExperimentPhase.Method, "", StepState.Begins);
            await new MethodRun(run, activities, hypothesis).RunAsync();
            watch?.OnlyRecord();
            run.Step(ExperimentPhase.Undo, "", StepState.Begins);
            await strikes.EndAllAsync();
            CheckStruck(run, strikes);
            deviated = await DeviatedAsync(run, hypothesis, watch);
        }
        await RollBackAsync(run, activities);
        return deviated;
    }

    private static async Task<bool> HoldsBeforeAsync(ExperimentRun run, HypothesisCheck hypothesis)
    {
        if (run.Experiment.Hypothesis is null)
            return !run.End.Token.IsCancellationRequested;
        run.Step(ExperimentPhase.Before, "", StepState.Begins);
        try
        {
            var state = await hypothesis.AskAsync(run.End.Token);
            run.Journal.Take("before", state);
            Tell(run, ExperimentPhase.Before, state);
            if (!state.Met)
                run.End.End(ExperimentStatus.Failed, $"the hypothesis did not hold at the start, so nothing was done: {state.Why}");
        }
        catch (OperationCanceledException) when (run.End.Token.IsCancellationRequested)
        {
            // Stopped before anything was done.
        }
        return !run.End.Token.IsCancellationRequested;
    }

    // An experiment that was to strike and did not has shown nothing.
    private static void CheckStruck(ExperimentRun run, Strikes strikes)
    {
        if (strikes.Struck > 0 || !run.Experiment.Method.Any(a => a.Provider is Provider.Fault))
            return;
        // The global stop may have ended the method before any guard was asked: it is a refusal all the same.
        if (run.World.Guard.Halted is { } halted && run.Refusals.IsEmpty)
            run.Refusals.Enqueue(new("stop", halted, GlobalStop.Remedy));
        run.End.End(ExperimentStatus.Failed, "nothing was struck");
    }

    private static async Task<bool> DeviatedAsync(ExperimentRun run, HypothesisCheck hypothesis, HypothesisWatch? watch)
    {
        if (run.Experiment.Hypothesis is null || run.End.Status == ExperimentStatus.Interrupted)
            return false;
        run.Step(ExperimentPhase.After, "", StepState.Begins);
        HypothesisState state;
        try
        {
            state = await AfterAsync(run, hypothesis, watch, run.End.Stopped);
        }
        catch (OperationCanceledException) when (run.End.Stopped.IsCancellationRequested)
        {
            return run.Deviated;
        }
        run.Journal.Take("after", state);
        Tell(run, ExperimentPhase.After, state);
        if (!state.Met)
            run.End.End(ExperimentStatus.Failed, $"the hypothesis does not hold afterwards: {state.Why}");
        return !state.Met || run.Deviated;
    }

    private static async Task<HypothesisState> AfterAsync(ExperimentRun run, HypothesisCheck hypothesis, HypothesisWatch? watch, CancellationToken stop)
    {
        var since = run.Now;
        var deadline = since + run.Experiment.Settings.Settle;
        if (watch is not null)
            return await watch.AfterAsync(since, deadline, stop);
        while (true)
        {
            var state = await hypothesis.AskAsync(stop);
            if (state.Met || run.Now >= deadline)
                return state;
            var left = deadline - run.Now;
            await run.DelayAsync(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1), stop);
        }
    }

    // Nobody stops these: they are what puts things right.
    private static async Task RollBackAsync(ExperimentRun run, ActivityRunner activities)
    {
        if (run.Experiment.Rollbacks.Count == 0)
            return;
        run.Step(ExperimentPhase.Rollbacks, "", StepState.Begins);
        List<Task> background = [];
        foreach (var activity in run.Experiment.Rollbacks)
        {
            var one = OneAsync(activity);
            if (activity.Background)
                background.Add(one);
            else
                await one;
        }
        await Task.WhenAll(background);

        async Task OneAsync(Activity activity)
        {
            var result = await activities.RunAsync(activity, ExperimentPhase.Rollbacks, "rollbacks", CancellationToken.None);
            var problem = result.Problem ?? result.Deviation ?? (activity.IsProbe || Tolerances.SaysYes(result.Output) || result.Output is null ? null : $"it ended with status {result.Output["status"]}");
            if (problem is not null)
                run.Left.Enqueue(run.Journal.Redacted($"the rollback {activity.Name} failed: {problem}"));
        }
    }

    private static void Tell(ExperimentRun run, ExperimentPhase phase, HypothesisState state)
    {
        foreach (var (activity, _, problem) in state.Probes)
            run.Step(phase, activity.Name, problem is null ? StepState.Succeeded : StepState.Failed, problem ?? "");
    }
}
