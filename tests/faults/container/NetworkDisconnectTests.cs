using System.Text.Json.Nodes;

namespace Pressure.Faults.Tests;

public sealed class NetworkDisconnectTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(null)]
    [InlineData("50")]
    public async Task It_is_connected_again_with_the_same_addresses_and_aliases(string? address)
    {
        var (network, subnet) = await NetworkAsync();
        await using var container = await engine.SleeperAsync(o => o with { Network = network, Aliases = ["items", "stock"], Address = address is null ? null : $"{subnet}.{address}" });
        var before = await engine.InspectAsync(container.Id);

        var (fault, intent) = await engine.StrikeAsync("network-disconnect", await engine.TargetAsync(container));

        Assert.Empty((await engine.InspectAsync(container.Id)).Object("NetworkSettings", "Networks"));
        Assert.Equal($"container {container.Name} is not connected to {network} as it was", await fault.ResidueAsync(intent, Never));
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));
        AssertSame(before, await engine.InspectAsync(container.Id), network);
        Assert.Null(await fault.ResidueAsync(intent, Never));
        Assert.Equal("it is connected as before", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
    }

    [Fact]
    public async Task On_the_engines_own_bridge_it_gets_its_address_back_too()
    {
        await using var container = await engine.SleeperAsync();
        var before = await engine.InspectAsync(container.Id);
        var (fault, intent) = await engine.StrikeAsync("network-disconnect", await engine.TargetAsync(container), new() { ["network"] = "bridge" });

        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));

        AssertSame(before, await engine.InspectAsync(container.Id), "bridge");
    }

    [Fact]
    public async Task An_address_that_somebody_took_and_left_is_asked_for_by_name()
    {
        var (network, subnet) = await NetworkAsync();
        await using var first = await engine.SleeperAsync(o => o with { Network = network });
        await using var container = await engine.SleeperAsync(o => o with { Network = network });
        var (fault, intent) = await engine.StrikeAsync("network-disconnect", await engine.TargetAsync(container));
        await first.DisposeAsync();

        // The lowest that is free is another one now.
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));

        Assert.Equal($"{subnet}.3", (await engine.InspectAsync(container.Id)).Text("NetworkSettings", "Networks", network, "IPAddress"));
    }

    [Fact]
    public async Task An_address_that_somebody_holds_is_told_of()
    {
        var (network, subnet) = await NetworkAsync();
        await using var container = await engine.SleeperAsync(o => o with { Network = network });
        var (fault, intent) = await engine.StrikeAsync("network-disconnect", await engine.TargetAsync(container));
        await using var other = await engine.SleeperAsync(o => o with { Network = network });

        var outcome = Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never));

        Assert.Equal($"it is connected to {network} again, at {subnet}.3, since {subnet}.2 can't be had any more", outcome.Why);
        Assert.Null(await fault.ResidueAsync(intent, Never));
    }

    [Fact]
    public async Task What_somebody_connected_by_hand_gets_its_aliases_too()
    {
        var (network, _) = await NetworkAsync();
        await using var container = await engine.SleeperAsync(o => o with { Network = network, Aliases = ["items"] });
        var before = await engine.InspectAsync(container.Id);
        var (fault, intent) = await engine.StrikeAsync("network-disconnect", await engine.TargetAsync(container));
        await engine.Engine.AskAsync(HttpMethod.Post, $"networks/{network}/connect", new { Container = container.Id });
        Assert.NotNull(await fault.ResidueAsync(intent, Never));

        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));

        AssertSame(before, await engine.InspectAsync(container.Id), network);
    }

    [Theory]
    [InlineData("container-crash")]
    [InlineData("container-restart")]
    public async Task A_new_instance_gets_its_aliases_back(string how)
    {
        var (network, _) = await NetworkAsync();
        await using var container = await engine.SleeperAsync(o => o with { Network = network, Aliases = ["items"], RestartPolicy = "always" });
        var target = await engine.TargetAsync(container);
        var before = await engine.InspectAsync(container.Id);
        var (fault, intent) = await engine.StrikeAsync("network-disconnect", target);
        var (crash, crashed) = await engine.StrikeAsync(how, target, how == "container-restart" ? new() { ["grace"] = "1s" } : null);
        await crash.UndoAsync(crashed, Never);

        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));

        Assert.Null(await fault.ResidueAsync(intent, Never));
        Assert.Equal(before.Text("NetworkSettings", "Networks", network, "IPAddress"), (await engine.InspectAsync(container.Id)).Text("NetworkSettings", "Networks", network, "IPAddress"));
    }

    [Fact]
    public async Task An_intent_that_was_never_applied_leaves_the_network_alone()
    {
        await using var container = await engine.SleeperAsync();
        var before = await engine.InspectAsync(container.Id);
        var (fault, intent) = await engine.IntendAsync("network-disconnect", await engine.TargetAsync(container));

        Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never));

        Assert.Equal(EngineFixture.Without(before), EngineFixture.Without(await engine.InspectAsync(container.Id)));
    }

    [Theory]
    [InlineData("host", null, "has no network of its own (its network is host)")]
    [InlineData("none", null, "has no network of its own (its network is none)")]
    [InlineData("bridge", "nowhere", "is not connected to network nowhere; it is to bridge")]
    public async Task What_has_no_such_network_is_refused(string network, string? wanted, string why)
    {
        await using var container = await engine.SleeperAsync(o => o with { Network = network });
        var order = new FaultOrder("network-disconnect", await engine.TargetAsync(container), TimeSpan.FromSeconds(1)) { Arguments = wanted is null ? [] : new JsonObject { ["network"] = wanted } };

        var refused = Assert.IsType<Preparation.Refused>(await engine.Fault("network-disconnect").PrepareAsync(order, Never));

        Assert.Equal($"Container {container.Name} {why}.", refused.Why);
    }

    private async Task<(string Network, string Subnet)> NetworkAsync()
    {
        var name = $"n{Guid.NewGuid():N}"[..10];
        return (name, await engine.Engine.CreateNetworkAsync(name));
    }

    /// <summary>The end of the cable is a new one; all else is as it was.</summary>
    private static void AssertSame(JsonObject before, JsonObject after, string network)
    {
        string[] places = [$"NetworkSettings/Networks/{network}/EndpointID", "NetworkSettings/EndpointID"];
        Assert.Equal(EngineFixture.Without(before, places), EngineFixture.Without(after, places));
    }
}
