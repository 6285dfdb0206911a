namespace Pressure.Faults;

/// <summary>Stops a container as an operator would: its stop signal, a grace, then a kill. No restart policy acts. Undoing starts it again.</summary>
internal sealed class ContainerStop(ContainerStrike strike) : IFault
{
    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "container-stop",
        Summary = "Stops a container: its stop signal, a grace, then a kill; undone by starting it again.",
        Target = TargetKind.Container,
        Parameters = [Grace.Parameter],
    };

    /// <inheritdoc/>
    public Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop) => ContainerRevival.PrepareWithGraceAsync(strike, order, stop);

    /// <inheritdoc/>
    public Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        var grace = Grace.Of(intent.Arguments)!.Value;
        return strike.ApplyAsync(intent, facts => strike.Events.UntilEndedAsync(facts.Id, () => strike.Engine.AskAsync(HttpMethod.Post, $"containers/{facts.Id}/stop?{Grace.Query(grace)}", null, stop, grace), stop), stop);
    }

    /// <inheritdoc/>
    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit) => ContainerRevival.UndoAsync(strike, intent, Grace.Of(intent.Arguments)!.Value, limit);

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit) => ContainerRevival.ResidueAsync(strike, intent, limit);
}
