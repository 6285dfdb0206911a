namespace Pressure.Faults.Tests;

/// <summary>A container to which things happen while it is under fault. It eats memory when it is told to, once.</summary>
internal sealed class HungryContainer : IAsyncDisposable
{
    private readonly EngineFixture _engine;
    private readonly ContainerOrder _order;
    private readonly TempFolder _folder;
    private DockerContainer? _other;

    private HungryContainer(EngineFixture engine, DockerContainer container, ContainerOrder order, TempFolder folder) =>
        (_engine, Container, _order, _folder) = (engine, container, order, folder);

    public DockerContainer Container { get; }

    public static async Task<HungryContainer> StartAsync(EngineFixture engine)
    {
        var network = await engine.NetworkAsync();
        var folder = new TempFolder();
        var order = new ContainerOrder($"h{Guid.NewGuid():N}"[..10], "busybox", "sh", "-c", "while ! rm /there/eat; do sleep 0.1; done 2>/dev/null; tail /dev/zero")
        {
            Network = network,
            Aliases = ["items"],
            MemoryBytes = 16 << 20,
            RestartPolicy = "always",
            Folders = [$"{folder.Path}:/there"],
        };
        return new(engine, await engine.Engine.RunAsync(order), order, folder);
    }

    /// <summary>Lets it be <c>restarted</c>, <c>removed</c>, <c>replaced</c> by another of the same name, <c>killed for want of memory</c>.</summary>
    public async Task HappenAsync(string happening)
    {
        switch (happening)
        {
            case "restarted":
                await _engine.Engine.AskAsync(HttpMethod.Post, $"containers/{Container.Id}/restart?t=0");
                break;
            case "removed":
                await Container.DisposeAsync();
                break;
            case "replaced":
                await Container.DisposeAsync();
                _other = await _engine.Engine.RunAsync(_order);
                break;
            default:
                await DieAsync();
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Container.DisposeAsync();
        if (_other is not null)
            await _other.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>It must run to eat: what is down is started, what is frozen is thawed, as somebody may do.</summary>
    private async Task DieAsync()
    {
        var id = Container.Id;
        await File.WriteAllTextAsync(_folder.File("eat"), "", CancellationToken.None);
        var since = TimeProvider.System.GetUtcNow();
        if ((await _engine.FactsAsync(id)).Paused)
            await _engine.Engine.AskAsync(HttpMethod.Post, $"containers/{id}/unpause");
        await _engine.Engine.AskAsync(HttpMethod.Post, $"containers/{id}/start");
        while (!(await new ContainerEvents(_engine.Api, TimeProvider.System).SinceAsync(id, since, CancellationToken.None)).Any(e => e.Action is "oom" or "die"))
            await Task.Delay(50, CancellationToken.None);
    }
}
