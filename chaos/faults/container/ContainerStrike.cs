using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>
/// What every fault of a container does alike: it strikes the very instance that was chosen or nothing, says what an engine can't do in words
/// for people, and undoes patiently while the engine itself is away.
/// </summary>
internal sealed class ContainerStrike(DockerApi engine, TimeProvider time)
{
    /// <summary>
    /// Within this time after its intent was written a strike may still be on its way to the engine: whoever struck may have died with the request sent and
    /// not read. What looks untouched is looked at again after it.
    /// </summary>
    public static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(1);

    private const int Attempts = 3;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <summary>The engine.</summary>
    public DockerApi Engine => engine;

    /// <summary>What it tells.</summary>
    public ContainerEvents Events { get; } = new(engine, time);

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Goes on with a container that is the very one that was chosen and runs; refuses otherwise.</summary>
    /// <param name="order">What is wanted.</param>
    /// <param name="go">Looks further; may refuse too.</param>
    /// <param name="stop">Gives it up.</param>
    public async Task<Preparation> PrepareAsync(FaultOrder order, Func<ContainerFacts, JsonObject, Task<Preparation>> go, CancellationToken stop)
    {
        if (order.Target is not FaultTarget.Container target)
            return new Preparation.Refused($"{order.Kind} strikes containers; {order.Target.Label} is none.", "Choose a container.");
        try
        {
            return await engine.InspectAsync(target.Id, stop) is not { } inspected
                ? new Preparation.Refused($"Container {target.Name} is gone.", "Choose again: what was chosen is no longer there.")
                : ContainerFacts.From(inspected) is var facts && Stale(facts, target) is { } why
                    ? new Preparation.Refused(why, "Choose again: what was chosen is not there as it was.")
                    : await go(facts, inspected);
        }
        catch (DockerException e)
        {
            return new Preparation.Refused(e.What, e.Remedy);
        }
    }

    /// <summary>Strikes, once more only what was chosen.</summary>
    /// <exception cref="FaultException">It is not there as it was, which touched nothing; or the engine says no.</exception>
    public async Task ApplyAsync(FaultIntent intent, Func<ContainerFacts, Task> strike, CancellationToken stop)
    {
        var target = (FaultTarget.Container)intent.Target;
        var striking = false;
        try
        {
            var inspected = await engine.InspectAsync(target.Id, stop) ?? throw new FaultException($"Container {target.Name} went away before it was struck.") { NothingTouched = true };
            var facts = ContainerFacts.From(inspected);
            if (Stale(facts, target) is { } why)
                throw new FaultException(why) { NothingTouched = true };
            striking = true;
            await strike(facts);
        }
        catch (DockerException e)
        {
            throw new FaultException(e.Message, e) { NothingTouched = !striking };
        }
    }

    /// <summary>Undoes; as long as the engine is away again and again until the limit, and a few times when it says no.</summary>
    public async Task<UndoOutcome> UndoAsync(FaultIntent intent, Func<FaultTarget.Container, Task<UndoOutcome>> undo, CancellationToken limit)
    {
        var target = (FaultTarget.Container)intent.Target;
        DockerException? trouble = null;
        for (var refusals = 0; !limit.IsCancellationRequested;)
        {
            try
            {
                return await undo(target);
            }
            catch (DockerException e)
            {
                trouble = e;
                if (e.Status is not null && ++refusals == Attempts)
                    break;
                await Task.Delay(Between, time, limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        return trouble is null
            ? new UndoOutcome.Incomplete($"{intent.Kind} on {target.Name} could not be undone in time", $"See how {target.Name} is with 'docker inspect {target.Name}', then run 'pressure chaos revert'.")
            : new UndoOutcome.Incomplete($"{intent.Kind} on {target.Name} is not undone: {trouble.What.TrimEnd('.')}", $"{trouble.Remedy} Then run 'pressure chaos revert'.");
    }

    /// <summary>Looks for something left.</summary>
    /// <param name="intent">What was intended.</param>
    /// <param name="look">What is left of a container that is there; null if nothing.</param>
    /// <param name="limit">Gives it up.</param>
    public async Task<string?> ResidueAsync(FaultIntent intent, Func<ContainerFacts, JsonObject, string?> look, CancellationToken limit)
    {
        var target = (FaultTarget.Container)intent.Target;
        try
        {
            return await engine.InspectAsync(target.Id, limit) is { } inspected ? look(ContainerFacts.From(inspected), inspected) : null;
        }
        catch (DockerException e)
        {
            return $"whether anything is left of {intent.Kind} on {target.Name} can't be seen: {e.What.TrimEnd('.')}";
        }
    }

    /// <summary>The container as it is now; null if it is gone. Waits first while the strike may be on its way.</summary>
    public async Task<ContainerFacts?> LookAsync(FaultIntent intent, Func<ContainerFacts, bool> untouched, CancellationToken limit)
    {
        var facts = await FactsAsync(intent, limit);
        if (facts is null || !untouched(facts) || OnItsWay - (time.GetUtcNow() - intent.JournaledAt) is var rest && rest <= TimeSpan.Zero)
            return facts;
        // A wall clock that was set back must not hold an undoing up.
        await Task.Delay(rest < OnItsWay ? rest : OnItsWay, time, limit);
        return await FactsAsync(intent, limit);
    }

    private async Task<ContainerFacts?> FactsAsync(FaultIntent intent, CancellationToken stop) =>
        await engine.InspectAsync(((FaultTarget.Container)intent.Target).Id, stop) is { } inspected ? ContainerFacts.From(inspected) : null;

    private static string? Stale(ContainerFacts facts, FaultTarget.Container target) =>
        !facts.Running || facts.Restarting ? $"Container {target.Name} does not run."
            : facts.StartedAt != target.StartedAt ? $"Container {target.Name} was started anew since it was chosen."
            : facts.Paused ? $"Container {target.Name} is paused, by somebody else."
            : null;
}
