namespace Pressure.Faults;

/// <summary>Restarts a container once. It ends by itself; undoing only sees to it that the container runs.</summary>
internal sealed class ContainerRestart(ContainerStrike strike) : IFault
{
    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "container-restart",
        Summary = "Restarts a container once: its stop signal, a grace, then a kill, and a start; undone by starting it if it did not come back.",
        Target = TargetKind.Container,
        Parameters = [Grace.Parameter],
    };

    /// <inheritdoc/>
    public Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop) => ContainerRevival.PrepareWithGraceAsync(strike, order, stop);

    /// <inheritdoc/>
    public Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        var grace = Grace.Of(intent.Arguments)!.Value;
        return strike.ApplyAsync(intent, facts => strike.Engine.AskAsync(HttpMethod.Post, $"containers/{facts.Id}/restart?{Grace.Query(grace)}", null, stop, grace), stop);
    }

    /// <inheritdoc/>
    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit) => ContainerRevival.UndoAsync(strike, intent, Grace.Of(intent.Arguments)!.Value, limit);

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit) => ContainerRevival.ResidueAsync(strike, intent, limit);
}
