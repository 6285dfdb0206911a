namespace Pressure.Faults;

/// <summary>Kills a container through the engine, which takes it for somebody's decision: no restart policy acts. Undoing starts it again.</summary>
internal sealed class ContainerKill(ContainerStrike strike) : IFault
{
    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "container-kill",
        Summary = "Kills a container by the engine's kill, so that its restart policy stays quiet; undone by starting it again.",
        Target = TargetKind.Container,
    };

    /// <inheritdoc/>
    public Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop) =>
        strike.PrepareAsync(order, (facts, _) => Task.FromResult<Preparation>(ContainerRevival.Refusal(facts) as Preparation ?? new Preparation.Ready(ContainerRevival.Prior(facts))), stop);

    /// <inheritdoc/>
    public Task ApplyAsync(FaultIntent intent, CancellationToken stop) =>
        strike.ApplyAsync(intent, facts => strike.Events.UntilEndedAsync(facts.Id, () => strike.Engine.AskAsync(HttpMethod.Post, $"containers/{facts.Id}/kill?signal=KILL", null, stop), stop), stop);

    /// <inheritdoc/>
    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit) => ContainerRevival.UndoAsync(strike, intent, TimeSpan.Zero, limit);

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit) => ContainerRevival.ResidueAsync(strike, intent, limit);
}
