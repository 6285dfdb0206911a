using System.Net;

namespace Pressure.Faults;

/// <summary>Freezes all processes of a container: connections stay open and nothing answers. Undoing thaws that very instance.</summary>
internal sealed class ContainerPause(ContainerStrike strike) : IFault
{
    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "container-pause",
        Summary = "Freezes all processes of a container, so that connections stay open and nothing answers; undone by thawing them.",
        Target = TargetKind.Container,
    };

    /// <inheritdoc/>
    public Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop) =>
        strike.PrepareAsync(order, (facts, _) => Task.FromResult<Preparation>(new Preparation.Ready(ContainerRevival.Prior(facts))), stop);

    /// <inheritdoc/>
    public Task ApplyAsync(FaultIntent intent, CancellationToken stop) =>
        strike.ApplyAsync(intent, facts => PauseAsync(facts, stop), stop);

    /// <inheritdoc/>
    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit) =>
        strike.UndoAsync(intent, async target =>
        {
            var facts = await strike.LookAsync(intent, f => !f.Paused && f.StartedAt == target.StartedAt, limit);
            var nothing = facts switch
            {
                null => "the container is gone",
                _ when facts.StartedAt != target.StartedAt => "it was started anew, and so is not frozen",
                { Running: false } => "it has ended",
                { Paused: false } => "it is not frozen",
                _ => null,
            };
            if (nothing is not null)
                return new UndoOutcome.NothingToUndo(nothing);
            await strike.Engine.AskAsync(HttpMethod.Post, $"containers/{target.Id}/unpause", null, limit);
            return new UndoOutcome.Undone();
        }, limit);

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit) =>
        strike.ResidueAsync(intent, (facts, _) => facts.Paused && facts.StartedAt == ((FaultTarget.Container)intent.Target).StartedAt ? $"container {facts.Name} is frozen" : null, limit);

    private async Task PauseAsync(ContainerFacts facts, CancellationToken stop)
    {
        try
        {
            await strike.Engine.AskAsync(HttpMethod.Post, $"containers/{facts.Id}/pause", null, stop);
        }
        catch (DockerException e) when (e.Status == HttpStatusCode.Conflict)
        {
            // It has ended, or somebody else has paused it since it was looked at, which is not ours to undo.
            throw new FaultException(e.Message, e) { NothingTouched = true };
        }
    }
}
