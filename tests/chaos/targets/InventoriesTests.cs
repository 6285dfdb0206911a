using static Pressure.Chaos.Tests.Targets.SelectingTests;

namespace Pressure.Chaos.Tests.Targets;

public sealed class InventoriesTests
{
    private static readonly TargetSelector Containers = new() { Kind = TargetKind.Container, Labels = Allowing() };

    [Fact]
    public async Task Without_hosts_only_this_machine_is_asked_and_agents_are_not()
    {
        var asked = false;
        var inventories = new Inventories { Here = Here(), Agents = _ => { asked = true; return Agents("a"); } };
        Assert.Equal(["here"], await NamesAsync(inventories, Containers));
        Assert.False(asked);
    }

    [Fact]
    public async Task Hosts_and_patterns_ask_the_agents_that_they_mean_and_what_they_tell_bears_their_name()
    {
        var inventories = new Inventories { Here = Here(), Agents = _ => Agents("db-1", "db-2", "web-1") };
        Assert.Equal(["db-1: there", "db-2: there"], await NamesAsync(inventories, Containers with { Hosts = ["db-*"] }, withHost: true));
        Assert.Equal(["local: here", "web-1: there"], await NamesAsync(inventories, Containers with { Hosts = ["local", "web-1"] }, withHost: true));
        Assert.Equal(4, (await NamesAsync(inventories, Containers with { Hosts = ["*"] })).Length);
    }

    [Fact]
    public async Task A_named_host_that_is_not_connected_is_an_error_that_says_which_are()
    {
        var inventories = new Inventories { Here = Here(), Agents = _ => Agents("db-1") };
        var e = await Assert.ThrowsAsync<InventoryException>(() => NamesAsync(inventories, Containers with { Hosts = ["db-1", "db-9"] }));
        Assert.Contains("by the name of db-9; connected are db-1", e.Message);
        await Assert.ThrowsAsync<InventoryException>(() => NamesAsync(new() { Here = Here() }, Containers with { Hosts = ["db-1"] }));
    }

    [Fact]
    public async Task An_agent_that_can_not_tell_makes_all_of_it_an_error()
    {
        var inventories = new Inventories
        {
            Here = Here(),
            Agents = _ => Task.FromResult<IReadOnlyDictionary<string, IInventory>>(new Dictionary<string, IInventory> { ["a"] = new Fixed(Container("there")), ["b"] = new Broken() }),
        };
        await Assert.ThrowsAsync<InventoryException>(() => NamesAsync(inventories, Containers with { Hosts = ["*"] }));
    }

    [Fact]
    public async Task This_host_is_found_by_its_own_name_and_a_route_is_what_it_says()
    {
        var host = new Candidate("local", new FaultTarget.Host("alpha")) { Name = "alpha" };
        var inventories = new Inventories { Here = new Dictionary<TargetKind, IInventory> { [TargetKind.Host] = new Fixed(host) } };
        Assert.Equal(["alpha"], await NamesAsync(inventories, new() { Kind = TargetKind.Host, Names = ["alpha"] }));
        var route = new FaultTarget.Route("127.0.0.1:1", "tcp://127.0.0.1:2");
        Assert.Equal([route.Label], await NamesAsync(inventories, new() { Kind = TargetKind.Route, Route = route }));
        await Assert.ThrowsAsync<InventoryException>(() => NamesAsync(inventories, Containers));
    }

    private static Dictionary<TargetKind, IInventory> Here() => new() { [TargetKind.Container] = new Fixed(Container("here")) };

    private static Task<IReadOnlyDictionary<string, IInventory>> Agents(params string[] names) =>
        Task.FromResult<IReadOnlyDictionary<string, IInventory>>(names.ToDictionary(n => n, _ => (IInventory)new Fixed(Container("there"))));

    private static async Task<string[]> NamesAsync(Inventories inventories, TargetSelector selector, bool withHost = false) =>
        [.. (await inventories.ListAsync(selector, TestContext.Current.CancellationToken)).Select(c => withHost ? $"{c.Host}: {c.Name}" : c.Name)];

    private sealed class Fixed(params Candidate[] candidates) : IInventory
    {
        public Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop) => Task.FromResult<IReadOnlyList<Candidate>>(candidates);
    }

    private sealed class Broken : IInventory
    {
        public Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop) => throw new InventoryException("It is away.");
    }
}
