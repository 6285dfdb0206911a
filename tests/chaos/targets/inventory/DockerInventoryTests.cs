namespace Pressure.Chaos.Tests;

public sealed class DockerInventoryTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TargetSelector Containers = new() { Kind = TargetKind.Container };

    [Fact]
    public async Task Every_container_is_listed_with_what_selectors_ask_for()
    {
        await using var engine = await DockerEngine.StartAsync();
        using var api = new DockerApi(engine.Socket);
        await using var items = await engine.RunAsync(new ContainerOrder("items", "busybox", "sleep", "1000") { Labels = new Dictionary<string, string> { ["pressure.chaos"] = "allow", ["com.docker.compose.project"] = "shop" } });
        await using var ended = await engine.RunAsync(new ContainerOrder("ended", "busybox", "true"));
        await using var frozen = await engine.RunAsync(new ContainerOrder("frozen", "busybox", "sleep", "1000"));
        await engine.AskAsync(HttpMethod.Post, $"containers/{ended.Id}/wait");
        await engine.AskAsync(HttpMethod.Post, $"containers/{frozen.Id}/pause");

        var listed = await new DockerInventory(api).ListAsync(Containers, Never);

        Assert.Equal(["ended", "frozen", "items"], listed.Select(c => c.Name));
        Assert.Equal([false, false, true], listed.Select(c => c.Running));
        var candidate = listed[2];
        Assert.Equal("local", candidate.Host);
        Assert.Equal("allow", candidate.Labels["pressure.chaos"]);
        Assert.Equal("machine:latest", candidate.Image);
        Assert.Equal(await items.PidAsync(), candidate.Pid);
        var target = Assert.IsType<FaultTarget.Container>(candidate.Target);
        Assert.Equal(items.Id, target.Id);
        Assert.Equal((await items.InspectAsync()).GetProperty("State").GetProperty("StartedAt").GetString(), target.StartedAt);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_told_of_with_what_to_do()
    {
        using var api = new DockerApi("/nowhere/docker.sock");

        var trouble = await Assert.ThrowsAsync<InventoryException>(() => new DockerInventory(api).ListAsync(Containers, Never));

        Assert.Equal("The containers of local can't be listed. No container engine answers on /nowhere/docker.sock. Start it, or name its socket with DOCKER_HOST=unix:///path.", trouble.Message);
    }
}
