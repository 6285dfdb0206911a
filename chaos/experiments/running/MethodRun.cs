namespace Pressure.Chaos;

/// <summary>Does the method: its activities in order, those in the background beside them. An action that fails ends it, a probe that fails does not.</summary>
internal sealed class MethodRun(ExperimentRun run, ActivityRunner activities, HypothesisCheck hypothesis)
{
    private static readonly TimeSpan HaltEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Does it; returns when all has ended, what is in the background too.</summary>
    public async Task RunAsync()
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(run.End.Token);
        var halting = WatchHaltAsync(over.Token);
        List<Task> background = [];
        foreach (var activity in run.Experiment.Method)
        {
            if (run.End.Token.IsCancellationRequested)
                break;
            if (activity.Background)
                background.Add(OneAsync(activity));
            else
                await OneAsync(activity);
        }
        await Task.WhenAll(background);
        over.Cancel();
        await halting;
    }

    private async Task OneAsync(Activity activity)
    {
        var result = await activities.RunAsync(activity, ExperimentPhase.Method, "run", run.End.Token);
        if (run.End.Token.IsCancellationRequested)
            return;
        if (activity.IsProbe)
        {
            if (activity.Tolerance is not null || result.Problem is not null)
                hypothesis.Tell(activity, result.Start, result.Problem ?? result.Deviation);
        }
        else if (result.Problem is { } problem)
        {
            run.End.End(run.Refusals.IsEmpty ? ExperimentStatus.Failed : ExperimentStatus.Aborted, $"{activity.Name}: {problem}");
        }
    }

    private async Task WatchHaltAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await run.DelayAsync(HaltEvery, over);
                if (run.World.Guard.Halted is { } why)
                    run.End.End(ExperimentStatus.Aborted, why);
            }
        }
        catch (OperationCanceledException)
        {
            // The method is over.
        }
    }
}
