namespace Pressure.Chaos.Tests;

public sealed class PodInventoryTests
{
    private static readonly TargetSelector Pods = new() { Kind = TargetKind.Pod, Namespace = "shop" };

    [Fact]
    public async Task Every_pod_of_a_namespace_is_listed_with_what_selectors_ask_for()
    {
        await using var cluster = new KubernetesStub();
        cluster.World.AddReplicaSet("items", 2, "uid-of-items");
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("config"), cluster.Kubeconfig(), CancellationToken.None);
        using var api = new KubernetesApi(KubernetesAccess.FromKubeconfig(folder.File("config")));

        var listed = await new PodInventory(() => api).ListAsync(Pods, CancellationToken.None);

        Assert.Equal(cluster.World.Pods.Select(p => new FaultTarget.Pod("shop", p.Name, p.Uid)), listed.Select(c => c.Target));
        Assert.All(listed, c => Assert.True(c.Running));
        Assert.All(listed, c => Assert.Equal("allow", c.Labels["pressure.chaos"]));
        Assert.All(listed, c => Assert.Equal("shop/items:1", c.Image));
        Assert.Equal(["GET /api/v1/namespaces/shop/pods?limit=500"], cluster.Asked);
    }

    [Fact]
    public async Task A_machine_that_knows_no_cluster_says_so()
    {
        var inventory = new PodInventory(() => throw new KubernetesException("No Kubernetes cluster is known here.", "Name a kubeconfig.", null));

        Assert.Equal("The pods can't be listed. No Kubernetes cluster is known here. Name a kubeconfig.", (await Assert.ThrowsAsync<InventoryException>(() => inventory.ListAsync(Pods, CancellationToken.None))).Message);
    }
}
