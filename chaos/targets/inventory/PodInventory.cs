using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>The pods of the cluster that is known here.</summary>
/// <param name="cluster">The cluster; asked for when pods are asked for, as most machines know none.</param>
/// <param name="host">The machine's name in selectors.</param>
public sealed class PodInventory(Func<KubernetesApi> cluster, string host = "local") : IInventory
{
    /// <summary>The cluster that the machine's kubeconfig, or its service account, names.</summary>
    public static PodInventory OfThisMachine()
    {
        KubernetesApi? known = null;
        return new(() => known ??= new KubernetesApi(KubernetesAccess.Find()));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop)
    {
        if (selector.Kind != TargetKind.Pod)
            return [];
        try
        {
            return [.. (await cluster().PodsAsync(selector.Namespace, stop)).Select(p => new Candidate(host, p.Target) { Name = p.Name, Labels = p.Labels, Image = p.Image, Running = p is { Phase: "Running", Deleting: false } })];
        }
        catch (KubernetesException e)
        {
            throw new InventoryException($"The pods can't be listed. {e.Message}", e);
        }
    }
}
