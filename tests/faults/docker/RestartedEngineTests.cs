namespace Pressure.Faults.Tests;

/// <summary>The engine itself ends and starts while faults hold.</summary>
public sealed class RestartedEngineTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Faults_hold_and_their_undoing_waits_until_the_engine_is_back(bool keepsContainers)
    {
        await using var own = await DockerEngine.StartAsync(keepsContainers);
        using var folder = new TempFolder();
        var faults = ContainerFaults.All(new(TimeProvider.System, own.Socket, folder.Path)).ToDictionary(f => f.Description.Kind);
        using var api = new DockerApi(own.Socket);
        var network = "shop";
        await own.CreateNetworkAsync(network);
        await using var killed = await own.RunAsync(new ContainerOrder("killed", "busybox", "sleep", "1000"));
        await using var paused = await own.RunAsync(new ContainerOrder("paused", "busybox", "sleep", "1000") { RestartPolicy = "always" });
        await using var cut = await own.RunAsync(new ContainerOrder("cut", "busybox", "sleep", "1000") { RestartPolicy = "always", Network = network, Aliases = ["stock"] });
        await using var removed = await own.RunAsync(new ContainerOrder("removed", "busybox", "sleep", "1000"));
        FaultIntent[] intents =
        [
            await StrikeAsync("container-kill", killed),
            await StrikeAsync("container-pause", paused),
            await StrikeAsync("network-disconnect", cut),
            await StrikeAsync("container-remove", removed),
        ];
        await own.EndAsync();

        var undoing = intents.Select(async i =>
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            return await faults[i.Kind].UndoAsync(i, limit.Token);
        }).ToList();
        await own.BeginAsync();
        var outcomes = await Task.WhenAll(undoing);

        Assert.DoesNotContain(outcomes, o => o is UndoOutcome.Incomplete);
        foreach (var name in (string[])["killed", "paused", "cut", "removed"])
        {
            var facts = ContainerFacts.From((await api.InspectAsync(name, Never))!);
            Assert.True(facts is { Running: true, Paused: false }, name);
        }
        foreach (var intent in intents)
            Assert.Null(await faults[intent.Kind].ResidueAsync(intent, Never));

        async Task<FaultIntent> StrikeAsync(string kind, DockerContainer container)
        {
            var target = ContainerFacts.From((await api.InspectAsync(container.Id, Never))!).Target;
            var order = new FaultOrder(kind, target, TimeSpan.FromMinutes(1));
            var intent = EngineFixture.Intent(order, Assert.IsType<Preparation.Ready>(await faults[kind].PrepareAsync(order, Never)).Prior);
            await faults[kind].ApplyAsync(intent, Never);
            return intent;
        }
    }
}
