using System.Text.Json;
using Pressure.Faults;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>
/// What a controller that is gone has left of experiments, by its record: faults whose end was not told, and experiments without an end. The struck hosts undo by
/// themselves; here their agents are asked how that went, so that the record tells it.
/// </summary>
public sealed class LeftChaos
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(30);

    private LeftChaos(IReadOnlyList<FaultInForce> faults, IReadOnlyList<TimelineEvent.ExperimentStarted> experiments) => (Faults, Experiments) = (faults, experiments);

    /// <summary>Faults whose end was not told.</summary>
    public IReadOnlyList<FaultInForce> Faults { get; }

    /// <summary>Experiments whose end was not told.</summary>
    public IReadOnlyList<TimelineEvent.ExperimentStarted> Experiments { get; }

    /// <summary>Whether nothing is left.</summary>
    public bool IsNone => Faults.Count == 0 && Experiments.Count == 0;

    /// <summary>Reads it off a record.</summary>
    public static LeftChaos Of(IReadOnlyCollection<TimelineEvent> events)
    {
        var over = events.OfType<TimelineEvent.ExperimentEnded>().Select(e => e.Experiment).ToHashSet();
        return new(events.Aggregate(DrillStanding.Start, (standing, what) => standing.After(what)).Faults, [.. events.OfType<TimelineEvent.ExperimentStarted>().Where(e => !over.Contains(e.Experiment))]);
    }

    /// <summary>Waits until the hosts have undone what was left, and tells how that went and that the experiments are over.</summary>
    /// <param name="agents">Reaches agents' hosts; null where there are none.</param>
    /// <param name="controllerEnded">Whether the controller's process is known to be gone: what it held on its own machine is undone then, though nobody here can look.</param>
    /// <param name="timeline">The record.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Waits no longer.</param>
    /// <returns>What is left, English sentences.</returns>
    public async Task<LeftBehind> SettleAsync(AgentHosts? agents, bool controllerEnded, IChaosTimeline timeline, TimeProvider time, CancellationToken stop)
    {
        var settled = await Task.WhenAll(Faults.Select(f => SettleAsync(f, agents, controllerEnded, timeline, time, stop)));
        foreach (var experiment in Experiments)
            timeline.Tell(new TimelineEvent.ExperimentEnded(timeline.Clock.Now, experiment.Experiment, experiment.Title, "aborted", Deviated: false));
        return new([.. settled.Where(s => s.Left is not null).Select(s => s.Left!)], settled.All(s => s.IsUndone));
    }

    private static async Task<(string? Left, bool IsUndone)> SettleAsync(FaultInForce fault, AgentHosts? agents, bool controllerEnded, IChaosTimeline timeline, TimeProvider time, CancellationToken stop)
    {
        const string unseen = "its host ends it by itself when its controller is gone, and could not be asked";
        if (fault.Host == "local" || agents is null)
        {
            // A controller that is only cut off may still hold it, to its deadline.
            if (!controllerEnded)
                return ($"{fault.Fault} on {fault.On}: whether it is undone can't be seen from here; it ends by {timeline.Clock.WallTimeAt(fault.Until):yyyy-MM-dd HH:mm:ss} UTC at the latest.", false);
            timeline.Tell(new TimelineEvent.FaultOff(timeline.Clock.Now, fault.Handle, fault.Fault, fault.On, "lost controller", unseen));
            return (null, true);
        }
        for (var ask = agents.Ask(fault.Host); ;)
        {
            if (await EndAsync(ask, fault.Handle, stop) is { } end)
                return Told(fault, end, timeline);
            if (stop.IsCancellationRequested || timeline.Clock.Now > fault.Until + Patience)
                break;
            await Task.Delay(Rest, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        const string what = "its host can't be asked whether it is undone", remedy = "It undoes by itself when its lease or its time has run out; 'pressure chaos status' on the host tells.";
        timeline.Tell(new TimelineEvent.RevertIncomplete(timeline.Clock.Now, fault.Handle, fault.Fault, fault.On, what, remedy));
        return ($"{fault.Fault} on {fault.On}: {what}. {remedy}", false);
    }

    private static (string? Left, bool IsUndone) Told(FaultInForce fault, FaultEnd end, IChaosTimeline timeline)
    {
        if (end.Outcome is UndoOutcome.Incomplete left)
        {
            timeline.Tell(new TimelineEvent.RevertIncomplete(timeline.Clock.Now, fault.Handle, fault.Fault, fault.On, left.What, left.Remedy));
            return ($"{fault.Fault} on {fault.On}: {left.What}. {left.Remedy}", false);
        }
        timeline.Tell(new TimelineEvent.FaultOff(timeline.Clock.Now, fault.Handle, fault.Fault, fault.On, end.By, (end.Outcome as UndoOutcome.NothingToUndo)?.Why));
        return (null, true);
    }

    /// <summary>How a fault ended, by its host's journal; null while it has not, or can't be asked.</summary>
    private static async Task<FaultEnd?> EndAsync(AskAgent ask, string handle, CancellationToken stop)
    {
        try
        {
            var (body, _) = await ask("fault.renew", JsonSerializer.SerializeToElement(new FaultAsk { Handles = [handle] }, FaultJson.Default.FaultAsk), stop);
            return body?.Deserialize(FaultJson.Default.FaultTold)?.Ends?.FirstOrDefault(e => e.Handle == handle);
        }
        catch (Exception e) when (e is JsonException or IOException or OperationCanceledException)
        {
            return null;
        }
    }
}

/// <summary>How it went.</summary>
/// <param name="Left">What is not undone, or can't be seen to be, English sentences.</param>
/// <param name="IsUndone">Whether all is.</param>
public sealed record LeftBehind(IReadOnlyList<string> Left, bool IsUndone);
