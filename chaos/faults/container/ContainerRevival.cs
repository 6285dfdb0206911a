using System.Globalization;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>
/// Brings back a container that a strike has ended, and nobody else's decision with it.
/// </summary>
/// <remarks>
/// <code>
///   gone                                  nothing to undo
///   a later instance  runs                nothing to undo: its restart policy, or somebody, was faster
///                     about to start      wait for it
///                     ended               start, unless the engine tells that it was stopped since: that was somebody's decision
///   the very one      runs, struck        wait for its end (a stop has its grace), then start
///                     runs, not struck    nothing to undo
///                     ended               start, if it has ended since it was looked at
/// </code>
/// </remarks>
internal static class ContainerRevival
{
    // What containers are asked to end by: KILL, TERM, QUIT, INT, and systemd's RTMIN+3. HUP and USR1 are wishes of another kind.
    private static readonly string[] Ends = ["9", "15", "3", "2", "37"];

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Standing = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Dying = TimeSpan.FromSeconds(10);

    /// <summary>Prepares what ends a container after a grace.</summary>
    public static Task<Preparation> PrepareWithGraceAsync(ContainerStrike strike, FaultOrder order, CancellationToken stop) =>
        strike.PrepareAsync(order, (facts, _) => Task.FromResult(
            Grace.Of(order.Arguments) is null ? Grace.Refusal(order)
            : Refusal(facts) as Preparation ?? new Preparation.Ready(Prior(facts))), stop);

    /// <summary>Whether a container can be brought back at all; null if so.</summary>
    public static Preparation.Refused? Refusal(ContainerFacts facts) =>
        facts.AutoRemove
            ? new($"Container {facts.Name} is removed by the engine as soon as it ends (--rm), so it could not be started again.", "Run it without --rm, or pause it instead.")
            : facts.Orchestrator is { } who
                ? new($"Container {facts.Name} belongs to {who}, which makes another one when it ends; starting it again would make two.", "Pause it instead, or strike through what runs it (pod-delete).")
                : null;

    /// <summary>What is remembered of it.</summary>
    public static JsonObject Prior(ContainerFacts facts) => new() { ["startedAt"] = facts.StartedAt, ["finishedAt"] = facts.FinishedAt, ["pid"] = facts.Pid, ["restartPolicy"] = facts.RestartPolicy };

    /// <summary>Brings it back.</summary>
    /// <param name="strike">What every fault does.</param>
    /// <param name="intent">What was intended.</param>
    /// <param name="grace">How long it may take to end once struck.</param>
    /// <param name="limit">The undoing's own limit.</param>
    /// <param name="ending">Whether what runs as before is struck and about to end; null to ask the engine whether it was told to.</param>
    public static Task<UndoOutcome> UndoAsync(ContainerStrike strike, FaultIntent intent, TimeSpan grace, CancellationToken limit, Func<ContainerFacts, bool>? ending = null) =>
        strike.UndoAsync(intent, async target =>
        {
            var since = strike.Time.GetTimestamp();
            while (true)
            {
                var facts = await strike.LookAsync(intent, f => f.Running && f.StartedAt == target.StartedAt, limit);
                switch (await WeighAsync(strike, intent, facts, ending, limit))
                {
                    case Finding.Over { Why: var why }:
                        return new UndoOutcome.NothingToUndo(why);
                    case Finding.Ended:
                        return await StartAsync(strike, target.Id, target.Name, limit);
                    case Finding.Ending when strike.Time.GetElapsedTime(since) > grace + Dying:
                        return new UndoOutcome.NothingToUndo("it was asked to end and did not; it runs as before");
                }
                await Task.Delay(Between, strike.Time, limit);
            }
        }, limit);

    /// <summary>Starts one, and looks whether it stands: what can't run without something that is gone ends within a blink.</summary>
    public static async Task<UndoOutcome> StartAsync(ContainerStrike strike, string id, string name, CancellationToken limit)
    {
        await strike.Engine.AskAsync(HttpMethod.Post, $"containers/{id}/start", null, limit);
        await Task.Delay(Standing, strike.Time, limit);
        return await strike.Engine.InspectAsync(id, limit) is not { } inspected ? new UndoOutcome.NothingToUndo("the container is gone")
            : ContainerFacts.From(inspected) is { Running: false } facts ? new UndoOutcome.Incomplete($"{name} was started and ended again at once, with exit code {facts.ExitCode}", $"See why with 'docker logs {name}', then start it with 'docker start {name}'.")
            : new UndoOutcome.Undone();
    }

    /// <summary>What is left of it, seen from outside.</summary>
    public static Task<string?> ResidueAsync(ContainerStrike strike, FaultIntent intent, CancellationToken limit) =>
        strike.ResidueAsync(intent, (facts, _) =>
            !facts.Running && facts.StartedAt == ((FaultTarget.Container)intent.Target).StartedAt && HasEndedSince(intent, facts)
                ? $"container {facts.Name} does not run"
                : null, limit);

    private static async Task<Finding> WeighAsync(ContainerStrike strike, FaultIntent intent, ContainerFacts? facts, Func<ContainerFacts, bool>? ending, CancellationToken limit)
    {
        if (facts is null)
            return new Finding.Over("the container is gone");
        if (facts.Restarting)
            return new Finding.Starting();
        if (facts.StartedAt != ((FaultTarget.Container)intent.Target).StartedAt)
        {
            return facts.Running ? new Finding.Over("it was started again already")
                : await WasStoppedAsync(strike, facts, DateTimeOffset.Parse(facts.StartedAt, CultureInfo.InvariantCulture), limit) ? new Finding.Over("somebody stopped it after it had been started again")
                : new Finding.Ended();
        }
        if (facts.Running)
            return ending?.Invoke(facts) ?? await WasStoppedAsync(strike, facts, intent.JournaledAt, limit) ? new Finding.Ending() : new Finding.Over("it was not struck, and runs as before");
        return HasEndedSince(intent, facts) ? new Finding.Ended() : new Finding.Over("it had ended before it was to be struck");
    }

    /// <summary>Whether what does not run any more has ended since it was looked at.</summary>
    /// <remarks>The engine's clock and ours may differ, or be set: only the engine's own moments are compared. Intents of earlier versions do not have the first.</remarks>
    private static bool HasEndedSince(FaultIntent intent, ContainerFacts facts) =>
        intent.Prior["finishedAt"]?.GetValue<DateTimeOffset>() is { } before ? facts.FinishedAt != before : facts.FinishedAt >= intent.JournaledAt;

    /// <summary>Whether the engine tells that it was sent a signal to end, by whomever.</summary>
    private static async Task<bool> WasStoppedAsync(ContainerStrike strike, ContainerFacts facts, DateTimeOffset since, CancellationToken limit)
    {
        var told = await strike.Events.SinceAsync(facts.Id, since, limit);
        return told.Any(t => t.Action == "kill" && Ends.Contains(t.Signal));
    }

    /// <summary>What the container's state means. A closed set.</summary>
    private abstract record Finding
    {
        private Finding()
        {
        }

        internal sealed record Over(string Why) : Finding;

        internal sealed record Starting : Finding;

        internal sealed record Ending : Finding;

        internal sealed record Ended : Finding;
    }
}
