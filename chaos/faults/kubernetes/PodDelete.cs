using System.Net;

namespace Pressure.Faults;

/// <summary>Deletes a pod. Undoing is its controller's work; it is seen to that as many pods are ready as before.</summary>
/// <param name="cluster">The cluster that is known here; asked for when it is needed, as most machines know none.</param>
/// <param name="time">The clock.</param>
internal sealed class PodDelete(Func<KubernetesApi> cluster, TimeProvider time) : IFault
{
    private const string Grace = "grace";
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "pod-delete",
        Summary = "Deletes a pod; its controller makes another, and undoing waits until as many are ready as before.",
        Target = TargetKind.Pod,
        Parameters = [new(Grace, ParameterType.Duration, "how long it is given to end before it is killed, rounded up to whole seconds", "30s")],
    };

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        if (order.Target is not FaultTarget.Pod target)
            return new Preparation.Refused($"pod-delete strikes pods; {order.Target.Label} is none.", "Choose a pod.");
        try
        {
            var pod = await cluster().PodAsync(target.Namespace, target.Name, stop);
            return pod is null || pod.Uid != target.Uid ? new Preparation.Refused($"Pod {target.Label} is gone.", "Choose again: what was chosen is no longer there.")
                : pod.Deleting || pod.Phase != "Running" ? new Preparation.Refused($"Pod {target.Label} does not run.", "Choose one that does.")
                : pod.Owner is not { } owner ? new Preparation.Refused($"Pod {target.Label} has no controller, so nothing would make another one.", "Let a Deployment, StatefulSet or DaemonSet run it.")
                : owner.Kind == "Node" ? new Preparation.Refused($"Pod {target.Label} mirrors what its node runs by itself; deleting it does nothing.", "Choose another pod.")
                : new Preparation.Ready(new() { ["api"] = owner.Api, ["kind"] = owner.Kind, ["name"] = owner.Name, ["uid"] = owner.Uid, ["ready"] = await ReadyAsync(target.Namespace, owner.Uid, stop) });
        }
        catch (KubernetesException e)
        {
            return new Preparation.Refused(e.What, e.Remedy);
        }
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        var target = (FaultTarget.Pod)intent.Target;
        try
        {
            await cluster().DeletePodAsync(target, FaultArguments.Duration(FaultArguments.Text(Description, intent.Arguments, Grace)) ?? Usual, stop);
        }
        catch (KubernetesException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            throw new FaultException($"Pod {target.Label} went away or was made anew before it was struck.", e);
        }
        catch (KubernetesException e)
        {
            throw new FaultException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public async Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        var left = $"whether the pods of {intent.Prior.Text("kind")} {intent.Prior.Text("name")} are ready is not known";
        var remedy = $"See why with 'kubectl describe -n {((FaultTarget.Pod)intent.Target).Namespace} {intent.Prior.Text("kind").ToLowerInvariant()} {intent.Prior.Text("name")}', then run 'pressure chaos revert'.";
        try
        {
            while (true)
            {
                try
                {
                    if (await IsUntouchedAsync(intent, limit))
                        return new UndoOutcome.NothingToUndo("it was not deleted");
                    switch (await CountAsync(intent, limit))
                    {
                        case null:
                            return new UndoOutcome.NothingToUndo($"its controller {intent.Prior.Text("kind")} {intent.Prior.Text("name")} is gone");
                        case var (ready, wanted) when ready >= wanted:
                            return new UndoOutcome.Undone();
                        case var (ready, wanted):
                            left = Missing(intent, ready, wanted);
                            break;
                    }
                }
                catch (KubernetesException e)
                {
                    (left, remedy) = ($"{left}: {e.What.TrimEnd('.')}", $"{e.Remedy} Then run 'pressure chaos revert'.");
                    if (e.Status is not null)
                        return new UndoOutcome.Incomplete(left, remedy);
                }
                await Task.Delay(Between, time, limit);
            }
        }
        catch (OperationCanceledException)
        {
            return new UndoOutcome.Incomplete(left, remedy);
        }
    }

    /// <inheritdoc/>
    public async Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        try
        {
            return !await IsUntouchedAsync(intent, limit) && await CountAsync(intent, limit) is var (ready, wanted) && ready < wanted ? Missing(intent, ready, wanted) : null;
        }
        catch (KubernetesException e)
        {
            return $"whether the pods of {intent.Prior.Text("name")} are ready can't be seen: {e.What.TrimEnd('.')}";
        }
    }

    private static string Missing(FaultIntent intent, long ready, long wanted) => $"{ready} of {wanted} pods of {intent.Prior.Text("kind")} {intent.Prior.Text("name")} are ready";

    /// <summary>What was asked within a second may still be on its way.</summary>
    private async Task<bool> IsUntouchedAsync(FaultIntent intent, CancellationToken limit)
    {
        var target = (FaultTarget.Pod)intent.Target;
        var age = time.GetUtcNow() - intent.JournaledAt;
        if (age >= TimeSpan.Zero && age < ContainerStrike.OnItsWay)
            await Task.Delay(ContainerStrike.OnItsWay - age, time, limit);
        return await cluster().PodAsync(target.Namespace, target.Name, limit) is { Deleting: false } pod && pod.Uid == target.Uid;
    }

    /// <summary>How many are ready, and how many should be: as many as before, or fewer if the controller wants fewer by now; null if it is gone.</summary>
    private async Task<(long Ready, long Wanted)?> CountAsync(FaultIntent intent, CancellationToken limit)
    {
        var space = ((FaultTarget.Pod)intent.Target).Namespace;
        var prior = intent.Prior;
        var wanted = prior.Number("ready");
        if (new PodOwner(prior.Text("api"), prior.Text("kind"), prior.Text("name"), prior.Text("uid")).Path(space) is { } path)
        {
            if (await cluster().FindAsync(path, limit) is not { } owner || owner.Text("metadata", "uid") != prior.Text("uid"))
                return null;
            wanted = Math.Min(wanted, PodOwner.Wanted(owner) ?? wanted);
        }
        return (await ReadyAsync(space, prior.Text("uid"), limit), wanted);
    }

    private async Task<long> ReadyAsync(string space, string owner, CancellationToken stop) =>
        (await cluster().PodsAsync(space, stop)).Count(p => p.Ready && p.Owner?.Uid == owner);
}
