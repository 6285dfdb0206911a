using System.Text.Json.Nodes;
using Pressure.Faults;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>
/// Does one of our faults as an activity: chooses, asks the guards with exactly what was chosen, strikes, holds, undoes.
/// </summary>
/// <remarks>
/// With stages the same targets are struck little by little, and between them the hypothesis is asked:
/// <code>
///   stage 1      stage 25%         stage 100%
///   |--check-----|--check----------|----------- duration ----------| undo all
///       not met: undo all, end the experiment
/// </code>
/// </remarks>
internal sealed class FaultActivity(ExperimentRun run, Strikes strikes, HypothesisCheck hypothesis)
{
    /// <summary>Does it; returns when everything of it is undone.</summary>
    public async Task<ActivityOutput> RunAsync(Provider.Fault fault, CancellationToken stop)
    {
        switch (await ChooseAsync(fault.Selector, stop))
        {
            case Selection.Chosen chosen:
                return await StrikeAsync(fault, chosen, stop);
            case Selection.Nothing(var why, var remedy):
                run.Tell(new TimelineEvent.FaultFailed(run.Now, run.Id, fault.Kind, Name(fault.Selector), why));
                return new(null, $"{why} {remedy}");
            case var other:
                throw new System.Diagnostics.UnreachableException($"A selection was added and is not handled: {other.GetType().Name}");
        }
    }

    /// <summary>What a selector is about, for people.</summary>
    public static string Name(TargetSelector selector) => selector switch
    {
        { Route: { } route } => route.Label,
        { Names.Count: > 0 } => string.Join(", ", selector.Names),
        { Labels.Count: > 0 } => string.Join(", ", selector.Labels.Select(l => $"{l.Key}={l.Value}")),
        _ => selector.Image ?? selector.Project ?? selector.Namespace ?? selector.Kind.ToString().ToLowerInvariant(),
    };

    private async Task<Selection> ChooseAsync(TargetSelector selector, CancellationToken stop)
    {
        try
        {
            return Selecting.Choose(selector, await run.World.Inventory.ListAsync(selector, stop), run.World.Protection, run.World.Random);
        }
        catch (InventoryException e)
        {
            return new Selection.Nothing(e.Message, "Nothing was struck.");
        }
    }

    private async Task<ActivityOutput> StrikeAsync(Provider.Fault fault, Selection.Chosen chosen, CancellationToken stop)
    {
        var (batches, problem) = StagePlan.Of(fault.Stages, chosen.Targets, run.World.Random);
        if (problem is not null)
        {
            run.Tell(new TimelineEvent.FaultFailed(run.Now, run.Id, fault.Kind, Name(fault.Selector), problem));
            return new(null, problem);
        }
        List<HeldFault> held = [];
        List<GuardAnswer.Permit> permits = [];
        try
        {
            for (var i = 0; i < batches.Count; i++)
            {
                var longest = fault.Duration + (fault.StageTime * (batches.Count - 1 - i));
                if (await StrikeAsync(fault, batches[i], chosen.Matching, longest, held, permits, stop) is { } why)
                    return new(Output(held), why);
                var isLast = i == batches.Count - 1;
                await HoldAsync(held, isLast ? fault.Duration : fault.StageTime, stop);
                if (!isLast && await CheckAsync(i, batches.Count, stop) is { } deviated)
                    return new(Output(held), deviated);
            }
        }
        finally
        {
            await strikes.EndAsync(held);
            await GiveBackAsync(permits);
        }
        return new(Output(held), Early(held));
    }

    // Then its targets no longer count as under fault. A book that can't be written lets them count until their time is over, which errs on the safe side.
    private async Task GiveBackAsync(List<GuardAnswer.Permit> permits)
    {
        foreach (var permit in permits)
        {
            try
            {
                await run.World.Guard.EndedAsync(permit);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                run.Step(ExperimentPhase.Undo, "guards", StepState.Failed, e.Message);
            }
        }
    }

    /// <summary>Strikes a batch side by side; why it was not struck whole, or null.</summary>
    private async Task<string?> StrikeAsync(Provider.Fault fault, IReadOnlyList<Candidate> batch, IReadOnlyList<Candidate> matching, TimeSpan duration, List<HeldFault> held, List<GuardAnswer.Permit> permits, CancellationToken stop)
    {
        if (await RefusedAsync(fault, batch, matching, duration, held.Count, permits, stop) is { } refusals)
            return refusals;
        var starts = batch.Select(c => strikes.StartAsync(fault, c, duration, stop)).ToList();
        try
        {
            await Task.WhenAll(starts);
        }
        finally
        {
            held.AddRange(starts.Where(s => s.IsCompletedSuccessfully).Select(s => s.Result.Held).OfType<HeldFault>());
        }
        var problems = starts.Select(s => s.Result.Problem).OfType<string>().ToList();
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    private async Task<string?> RefusedAsync(Provider.Fault fault, IReadOnlyList<Candidate> batch, IReadOnlyList<Candidate> matching, TimeSpan duration, int alreadyStruck, List<GuardAnswer.Permit> permits, CancellationToken stop)
    {
        var request = StrikeRequests.Of(run.Experiment, fault, batch, matching, duration, run.By, run.Id, alreadyStruck);
        GuardAnswer answer;
        try
        {
            answer = await run.World.Guard.AskAsync(request, stop);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            answer = new GuardAnswer.Refused([new("guards", $"The guards can't be asked: {e.Message}", "Nothing is struck that nobody has allowed.")]);
        }
        if (answer is GuardAnswer.Permit permit)
            permits.Add(permit);
        if (answer is not GuardAnswer.Refused(var reasons))
            return null;
        foreach (var reason in reasons)
        {
            run.Refusals.Enqueue(reason);
            run.Tell(new TimelineEvent.StrikeRefused(run.Now, run.Id, fault.Kind, reason.Guard, reason.Why));
        }
        return $"refused: {string.Join(" ", reasons.Select(r => $"{r.Why} {r.Remedy}"))}";
    }

    /// <summary>Waits, but not for faults that have all been ended by somebody else.</summary>
    private async Task HoldAsync(List<HeldFault> held, TimeSpan span, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var time = run.DelayAsync(span, over.Token);
        await Task.WhenAny(time, Task.WhenAll(held.Select(h => h.Ended)));
        stop.ThrowIfCancellationRequested();
        over.Cancel();
    }

    private async Task<string?> CheckAsync(int stage, int of, CancellationToken stop)
    {
        if (run.Experiment.Hypothesis is null)
            return null;
        var state = await hypothesis.AskAsync(stop);
        run.Journal.Take("during", state);
        if (state.Met)
            return null;
        var why = $"the hypothesis does not hold after stage {stage + 1} of {of}: {state.Why}";
        run.Deviate(why);
        return why;
    }

    private static JsonArray Output(List<HeldFault> held) => new([.. held.Select(h => (JsonNode)new JsonObject
    {
        ["handle"] = h.Handle,
        ["host"] = h.Candidate.Host,
        ["target"] = h.Candidate.Target.Label,
        ["kind"] = h.Candidate.Target.Kind.ToString().ToLowerInvariant(),
    })]);

    private static string? Early(List<HeldFault> held)
    {
        var early = held.Select(h => (h.Candidate.Target.Label, End: h.Ended.IsCompletedSuccessfully ? h.Ended.Result : null))
            .Where(h => h.End is null or { Outcome: UndoOutcome.Incomplete } or { By: not ("deadline" or "controller" or "kernel") })
            .Select(h => h.End switch
            {
                null => $"{h.Label}: nobody can say how it ended",
                { Outcome: UndoOutcome.Incomplete left } => $"{h.Label}: {left.What}",
                { By: var by } => $"{h.Label}: undone before its time by {by}",
            }).ToList();
        return early.Count == 0 ? null : string.Join("; ", early);
    }
}
