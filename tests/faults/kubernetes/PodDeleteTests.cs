namespace Pressure.Faults.Tests;

/// <summary>Against a stub that is shaped by the public API reference; no real cluster was there to try it on.</summary>
public sealed class PodDeleteTests : IAsyncDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly KubernetesStub _cluster = new();
    private readonly TempFolder _folder = new();
    private readonly KubernetesApi _api;
    private readonly PodDelete _fault;

    public PodDeleteTests()
    {
        File.WriteAllText(_folder.File("config"), _cluster.Kubeconfig());
        _api = new KubernetesApi(KubernetesAccess.FromKubeconfig(_folder.File("config")));
        _fault = new PodDelete(() => _api, TimeProvider.System);
        _cluster.World.AddReplicaSet("items", 3, "uid-of-items");
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_deleted_pod_is_undone_when_its_controller_has_as_many_ready_as_before()
    {
        var before = _cluster.World.Pods;
        var intent = await IntendAsync(before[1]);

        await _fault.ApplyAsync(intent, Never);
        Assert.Equal("2 of 3 pods of ReplicaSet items are ready", await _fault.ResidueAsync(intent, Never));
        Assert.IsType<UndoOutcome.Undone>(await _fault.UndoAsync(intent, Never));

        Assert.Equal(3, _cluster.World.Pods.Count);
        Assert.DoesNotContain(before[1], _cluster.World.Pods);
        Assert.Null(await _fault.ResidueAsync(intent, Never));
        Assert.Contains($$$"""DELETE /api/v1/namespaces/shop/pods/{{{before[1].Name}}} {"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":3,"preconditions":{"uid":"{{{before[1].Uid}}}"}}""", _cluster.Asked);
    }

    [Fact]
    public async Task An_intent_that_was_never_applied_leaves_the_pod_alone()
    {
        var intent = await IntendAsync(_cluster.World.Pods[0]);

        Assert.Equal("it was not deleted", Assert.IsType<UndoOutcome.NothingToUndo>(await _fault.UndoAsync(intent, Never)).Why);
        Assert.DoesNotContain(_cluster.Asked, a => a.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pod_that_was_made_anew_meanwhile_is_not_deleted()
    {
        var chosen = _cluster.World.Pods[0];
        var intent = await IntendAsync(chosen);
        _cluster.World.Remake(chosen.Name, "another");

        var failure = await Assert.ThrowsAsync<FaultException>(() => _fault.ApplyAsync(intent, Never));

        Assert.Contains("made anew before it was struck", failure.Message, StringComparison.Ordinal);
        Assert.Contains(_cluster.World.Pods, p => p == (chosen.Name, "another"));
        Assert.Equal($"Pod shop/{chosen.Name} is gone.", (await RefusedAsync(chosen.Name, chosen.Uid)).Why);
    }

    [Fact]
    public async Task Fewer_are_enough_when_the_controller_wants_fewer_by_now()
    {
        var intent = await IntendAsync(_cluster.World.Pods[0]);
        await _fault.ApplyAsync(intent, Never);
        _cluster.World.Scale("items", 2);

        Assert.IsType<UndoOutcome.Undone>(await _fault.UndoAsync(intent, Never));
        Assert.Equal(2, _cluster.World.Pods.Count);
    }

    [Fact]
    public async Task A_controller_that_is_gone_makes_nothing_more()
    {
        var intent = await IntendAsync(_cluster.World.Pods[0]);
        await _fault.ApplyAsync(intent, Never);
        _cluster.World.RemoveOwner("items");

        Assert.Equal("its controller ReplicaSet items is gone", Assert.IsType<UndoOutcome.NothingToUndo>(await _fault.UndoAsync(intent, Never)).Why);
    }

    [Fact]
    public async Task A_controller_that_does_nothing_is_told_of()
    {
        _cluster.World.Heals = false;
        var intent = await IntendAsync(_cluster.World.Pods[0]);
        await _fault.ApplyAsync(intent, Never);
        var before = Listings();
        using var limit = new CancellationTokenSource();

        var undoing = _fault.UndoAsync(intent, limit.Token);
        // Its second look; what the first one found stands then.
        while (!undoing.IsCompleted && Listings() < before + 2)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await limit.CancelAsync();
        var incomplete = Assert.IsType<UndoOutcome.Incomplete>(await undoing);

        Assert.Equal("2 of 3 pods of ReplicaSet items are ready", incomplete.What);
        Assert.StartsWith("See why with 'kubectl describe -n shop replicaset items'", incomplete.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "has no controller, so nothing would make another one.")]
    [InlineData(true, "mirrors what its node runs by itself; deleting it does nothing.")]
    public async Task What_would_not_come_back_is_refused(bool ofNode, string why)
    {
        _cluster.World.AddLonePod("lone", ofNode);

        Assert.Equal($"Pod shop/lone {why}", (await RefusedAsync("lone", "uid-of-lone")).Why);
    }

    [Fact]
    public async Task A_cluster_that_lets_nobody_in_is_told_of()
    {
        var pod = _cluster.World.Pods[0];
        _cluster.Forbids = true;
        Assert.Contains("says 403: pods is forbidden", (await RefusedAsync(pod.Name, pod.Uid)).Why, StringComparison.Ordinal);

        _cluster.Token = "another";
        var refused = await RefusedAsync(pod.Name, pod.Uid);
        Assert.Contains("says 401: Unauthorized", refused.Why, StringComparison.Ordinal);
        Assert.Equal("Renew the kubeconfig's token or certificate.", refused.Remedy);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_talked_to()
    {
        await using var other = new KubernetesStub();
        await File.WriteAllTextAsync(_folder.File("other"), _cluster.Kubeconfig().Replace(_cluster.Url, other.Url, StringComparison.Ordinal), Never);
        using var api = new KubernetesApi(KubernetesAccess.FromKubeconfig(_folder.File("other")));

        await Assert.ThrowsAsync<KubernetesException>(() => api.PodsAsync("shop", Never));
        Assert.Empty(other.Asked);
    }

    [Fact]
    public async Task Pods_come_page_by_page()
    {
        _cluster.Page = 2;

        Assert.Equal(_cluster.World.Pods, (await _api.PodsAsync(null, Never)).Select(p => (p.Name, p.Uid)));
        Assert.Equal(["GET /api/v1/pods?limit=500", "GET /api/v1/pods?limit=500&continue=2"], _cluster.Asked);
    }

    private async Task<FaultIntent> IntendAsync((string Name, string Uid) pod)
    {
        var order = new FaultOrder("pod-delete", new FaultTarget.Pod("shop", pod.Name, pod.Uid), TimeSpan.FromMinutes(1)) { Arguments = new() { ["grace"] = "3s" } };
        return EngineFixture.Intent(order, Assert.IsType<Preparation.Ready>(await _fault.PrepareAsync(order, Never)).Prior);
    }

    private int Listings() => _cluster.Asked.Count(a => a.StartsWith("GET /api/v1/namespaces/shop/pods?", StringComparison.Ordinal));

    private async Task<Preparation.Refused> RefusedAsync(string name, string uid) =>
        Assert.IsType<Preparation.Refused>(await _fault.PrepareAsync(new("pod-delete", new FaultTarget.Pod("shop", name, uid), TimeSpan.FromMinutes(1)), Never));
}
