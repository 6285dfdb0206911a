using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Does activities: pauses, provider, tolerance, journal.</summary>
internal sealed class ActivityRunner(ExperimentRun run)
{
    /// <summary>Does our own faults; put together after this, since they ask the hypothesis, which asks probes.</summary>
    public Func<Provider.Fault, CancellationToken, Task<ActivityOutput>>? Faults { get; init; }

    /// <summary>Does one with its pauses, and keeps it in the journal. Does not throw when it is stopped: then that is its problem.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="phase">Where the experiment is.</param>
    /// <param name="list">The journal's list that it belongs to: <c>run</c>, <c>rollbacks</c>.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<ActivityResult> RunAsync(Activity activity, ExperimentPhase phase, string list, CancellationToken stop)
    {
        JsonObject? entry = null;
        ActivityResult? result = null;
        try
        {
            await run.DelayAsync(activity.PauseBefore, stop);
            entry = run.Journal.Begin(list, activity);
            run.Step(phase, activity.Name, StepState.Begins);
            result = await LookAsync(activity, stop);
            Keep();
            await run.DelayAsync(activity.PauseAfter, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            entry ??= run.Journal.Begin(list, activity);
            result ??= new(run.Now, run.Now, null, $"ended early: {run.End.Why}");
            Keep();
        }
        return result;

        void Keep()
        {
            run.Journal.End(entry, result);
            var problem = result.Problem ?? result.Deviation;
            run.Step(phase, activity.Name, problem is null ? StepState.Succeeded : StepState.Failed, problem ?? Shown(result.Output));
        }
    }

    /// <summary>Does one without pauses, and holds what it gives against its tolerance.</summary>
    public async Task<ActivityResult> LookAsync(Activity activity, CancellationToken stop)
    {
        var start = run.Now;
        var (value, problem) = await DoAsync(activity.Provider, stop);
        var end = run.Now;
        var deviation = problem is null && activity.Tolerance is not null ? await DeviationAsync(activity, value, stop) : null;
        return new(start, end, value, problem) { Deviation = deviation };
    }

    private async Task<string?> DeviationAsync(Activity activity, JsonNode? value, CancellationToken stop)
    {
        if (activity.Judge is not { } judge)
            return Tolerances.Problem(activity.Tolerance, value);
        var (answer, problem) = await DoAsync(WithValue(judge.Provider, value), stop);
        return problem is not null ? $"{judge.Name} can't judge it: {problem}" : Tolerances.SaysYes(answer) ? null : $"{judge.Name} says no";
    }

    private static Provider WithValue(Provider judge, JsonNode? value) => judge switch
    {
        Provider.Process p => p with { Arguments = [.. p.Arguments, "value", value is JsonValue ? value.ToString() : value?.ToJsonString() ?? ""] },
        Provider.Http h => h with { Body = new JsonObject((h.Body as JsonObject ?? []).Where(e => e.Key != "value").Select(e => KeyValuePair.Create(e.Key, e.Value?.DeepClone())).Append(KeyValuePair.Create("value", value?.DeepClone()))) },
        _ => judge,
    };

    private async Task<ActivityOutput> DoAsync(Provider provider, CancellationToken stop)
    {
        try
        {
            return provider switch
            {
                Provider.Process process => await ProcessActivity.RunAsync(process, run.World.Time, stop),
                Provider.Http http => await HttpActivity.RunAsync(http, run.World.Time, stop),
                Provider.Fault fault => await Faults!(fault, stop),
                Provider.Probe probe => await LookAsync(probe, stop),
                _ => throw new System.Diagnostics.UnreachableException($"A provider was added and can't be run: {provider.GetType().Name}"),
            };
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            // Whatever an activity meets is its failure, never the end of those who have to undo.
            return new(null, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<ActivityOutput> LookAsync(Provider.Probe probe, CancellationToken stop)
    {
        IProbe made;
        try
        {
            made = run.World.Probes.Create(probe);
        }
        catch (ArgumentException e)
        {
            return new(null, e.Message);
        }
        var (value, error) = await made.AskAsync(stop);
        return new(value?.DeepClone(), error);
    }

    private static string Shown(JsonNode? output) => output switch
    {
        null => "",
        JsonObject { Count: > 0 } result when result["status"] is { } status => $"status {status}",
        JsonArray => "",
        _ => ExperimentProblems.Shown(output.ToJsonString()),
    };
}
