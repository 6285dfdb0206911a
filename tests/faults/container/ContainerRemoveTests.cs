using System.Text.Json.Nodes;

namespace Pressure.Faults.Tests;

public sealed class ContainerRemoveTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private static readonly string[] SecondAliases = ["second"];

    /// <summary>What belongs to an instance: no two have it alike.</summary>
    private static readonly string[] OfTheInstance =
    [
        "Id", "Created", "State/Pid", "State/StartedAt", "State/FinishedAt", "ResolvConfPath", "HostnamePath", "HostsPath", "LogPath", "GraphDriver", "Config/Hostname",
        "NetworkSettings/SandboxID", "NetworkSettings/SandboxKey", "NetworkSettings/EndpointID",
    ];

    [Fact]
    public async Task It_is_made_again_as_it_was()
    {
        var (first, second) = ($"n{Guid.NewGuid():N}"[..10], $"n{Guid.NewGuid():N}"[..10]);
        var subnet = await engine.Engine.CreateNetworkAsync(first);
        await engine.Engine.CreateNetworkAsync(second);
        await using var container = await engine.SleeperAsync(o => o with
        {
            Network = first,
            Aliases = ["items"],
            Address = $"{subnet}.77",
            Environment = new Dictionary<string, string> { ["COLOUR"] = "blue" },
            Labels = new Dictionary<string, string> { ["shop"] = "items" },
            Folders = ["data-of-items:/data"],
            MemoryBytes = 64 << 20,
            RestartPolicy = "unless-stopped",
        });
        await engine.Engine.AskAsync(HttpMethod.Post, $"networks/{second}/connect", new { Container = container.Id, EndpointConfig = new { Aliases = SecondAliases } });
        var before = await engine.InspectAsync(container.Id);
        var target = await engine.TargetAsync(container);

        var (fault, intent) = await engine.StrikeAsync("container-remove", target);

        Assert.Null(await engine.Api.InspectAsync(target.Id, Never));
        Assert.Equal($"container {target.Name} is removed", await fault.ResidueAsync(intent, Never));
        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));
        var after = await engine.InspectAsync(target.Name);
        Assert.Equal(Comparable(before, first, second), Comparable(after, first, second));
        Assert.Null(await fault.ResidueAsync(intent, Never));
        Assert.Equal("another container has its name now", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
    }

    [Fact]
    public async Task An_undoing_that_was_cut_off_is_begun_anew()
    {
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);
        var (fault, intent) = await engine.StrikeAsync("container-remove", target);
        await engine.Api.AskAsync(HttpMethod.Post, $"containers/create?name={target.Name}.pressure-{intent.Handle}", ContainerRecipe.Create(intent.Prior, target.Id, null, withAddress: false), Never);
        Assert.Equal($"container {target.Name}.pressure-{intent.Handle} is half made", await fault.ResidueAsync(intent, Never));

        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));

        Assert.True((await engine.FactsAsync(target.Name)).Running);
        Assert.Null(await fault.ResidueAsync(intent, Never));
    }

    [Fact]
    public async Task One_that_is_made_and_not_started_is_started()
    {
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);
        var (fault, intent) = await engine.StrikeAsync("container-remove", target);
        await engine.Api.AskAsync(HttpMethod.Post, $"containers/create?name={target.Name}", ContainerRecipe.Create(intent.Prior, target.Id, null, withAddress: false), Never);

        Assert.IsType<UndoOutcome.Undone>(await fault.UndoAsync(intent, Never));

        Assert.True((await engine.FactsAsync(target.Name)).Running);
    }

    [Fact]
    public async Task An_intent_that_was_never_applied_leaves_the_container_alone()
    {
        await using var container = await engine.SleeperAsync();
        var (fault, intent) = await engine.IntendAsync("container-remove", await engine.TargetAsync(container));

        Assert.Equal("it was not removed, and runs as before", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
    }

    [Fact]
    public async Task What_somebody_made_by_its_name_meanwhile_stays_as_it_is()
    {
        await using var container = await engine.SleeperAsync();
        var target = await engine.TargetAsync(container);
        var (fault, intent) = await engine.StrikeAsync("container-remove", target);
        await using var other = await engine.Engine.RunAsync(new ContainerOrder(target.Name, "busybox", "sleep", "1000"));

        Assert.Equal("another container has its name now", Assert.IsType<UndoOutcome.NothingToUndo>(await fault.UndoAsync(intent, Never)).Why);
        Assert.Equal(other.Id, (await engine.FactsAsync(target.Name)).Id);
    }

    [Fact]
    public async Task Files_outside_of_volumes_are_lost_only_if_that_is_allowed()
    {
        await using var container = await engine.Engine.RunAsync(new ContainerOrder($"w{Guid.NewGuid():N}"[..10], "busybox", "sh", "-c", "echo 1 > /var/precious; exec sleep 1000"));
        var order = new FaultOrder("container-remove", await engine.TargetAsync(container), TimeSpan.FromSeconds(1));
        Preparation refused;
        do
        {
            refused = await engine.Fault("container-remove").PrepareAsync(order, Never);
        }
        while (refused is Preparation.Ready);

        Assert.Equal($"Container {container.Name} would lose 1 files that it wrote outside of volumes: /var/precious.", Assert.IsType<Preparation.Refused>(refused).Why);
        Assert.IsType<Preparation.Ready>(await engine.Fault("container-remove").PrepareAsync(order with { Arguments = new() { ["lose-files"] = true } }, Never));
    }

    [Fact]
    public async Task What_could_not_be_made_again_is_refused_and_the_reason_is_told()
    {
        await using var removed = await engine.SleeperAsync(o => o with { RemovedAtEnd = true });
        await using var anonymous = await engine.SleeperAsync(o => o with { AnonymousVolumes = ["/cache"] });
        await using var swarmed = await engine.SleeperAsync(o => o with { Labels = new Dictionary<string, string> { ["com.docker.swarm.task.id"] = "x" } });
        await using var leanedOn = await engine.SleeperAsync();
        await using var leaning = await engine.SleeperAsync(o => o with { Network = $"container:{leanedOn.Id}" });

        Assert.Contains("--rm", await RefusalAsync(removed), StringComparison.Ordinal);
        Assert.Contains("volume without a name (at /cache)", await RefusalAsync(anonymous), StringComparison.Ordinal);
        Assert.Contains("Docker Swarm", await RefusalAsync(swarmed), StringComparison.Ordinal);
        Assert.StartsWith($"Container {leaning.Name} lives in namespaces", await RefusalAsync(leanedOn), StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync(DockerContainer container) =>
        Assert.IsType<Preparation.Refused>(await engine.Fault("container-remove").PrepareAsync(new("container-remove", await engine.TargetAsync(container), TimeSpan.FromSeconds(1)), Never)).Why;

    private static string Comparable(JsonObject inspected, params string[] networks)
    {
        var copy = (JsonObject)inspected.DeepClone();
        foreach (var network in networks)
        {
            // The alias of the id.
            var aliases = copy["NetworkSettings"]!["Networks"]![network]!["Aliases"]!.AsArray();
            aliases.Remove(aliases.Single(a => a!.GetValue<string>() == inspected.Text("Id")[..12]));
        }
        return EngineFixture.Without(copy, [.. OfTheInstance, .. networks.Select(n => $"NetworkSettings/Networks/{n}/EndpointID")]);
    }
}
