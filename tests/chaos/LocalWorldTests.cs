using Pressure.Chaos.Tests.Probes;

namespace Pressure.Chaos.Tests;

/// <summary>What is put together for the command line and the service.</summary>
public sealed class LocalWorldTests : IDisposable
{
    private readonly TempFolder _folder = new();

    static LocalWorldTests() => Environment.SetEnvironmentVariable("KUBECONFIG", "/nowhere/config");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_machine_that_knows_no_cluster_says_so_when_pods_are_asked_for_and_not_before()
    {
        using var local = Open(agents: null);
        var world = await local.OnAsync(new TakenTimeline(new RunClock(TimeProvider.System)), new Random(1));

        Assert.NotEmpty(await world.Inventory.ListAsync(Any(TargetKind.Process), Stop));
        var told = await Assert.ThrowsAsync<InventoryException>(() => world.Inventory.ListAsync(Any(TargetKind.Pod), Stop));
        Assert.Contains("No Kubernetes cluster is known here. Name a kubeconfig", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_nothing_reaches_is_told_with_the_way_to_reach_it()
    {
        using var local = Open(agents: null);
        var world = await local.OnAsync(new TakenTimeline(new RunClock(TimeProvider.System)), new Random(1));

        Assert.Contains("No agent is connected by the name of db1", (await Assert.ThrowsAsync<InventoryException>(() => world.Inventory.ListAsync(Any(TargetKind.Process, "db1"), Stop))).Message, StringComparison.Ordinal);
        Assert.Contains("pressure serve --agents", (await Assert.ThrowsAsync<FaultException>(() => world.Executor("db1", TimeSpan.FromSeconds(1), Stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_agent_refuses_is_told_in_its_own_words()
    {
        using var local = Open(new(_ => Task.FromResult<IReadOnlyList<string>>(["db1"]), _ => (_, _, _) => Task.FromResult<(System.Text.Json.JsonElement?, string?)>((null, "This agent takes no faults."))));
        var world = await local.OnAsync(new TakenTimeline(new RunClock(TimeProvider.System)), new Random(1));

        Assert.Equal("What db1 has can't be listed: This agent takes no faults.", (await Assert.ThrowsAsync<InventoryException>(() => world.Inventory.ListAsync(Any(TargetKind.Process, "db1"), Stop))).Message);
        Assert.Equal("Faults can't be applied on db1: This agent takes no faults.", (await Assert.ThrowsAsync<FaultException>(() => world.Executor("db1", TimeSpan.FromSeconds(1), Stop))).Message);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LocalWorld Open(AgentHosts? agents) => LocalWorld.Open(new(TimeProvider.System, _folder.Path) { Agents = agents });

    private static TargetSelector Any(TargetKind kind, params string[] hosts) => new() { Kind = kind, Names = ["*"], Hosts = hosts, Mode = new SelectionMode.All() };
}
