using Pressure.Faults;
using Pressure.TestKit;

namespace Pressure.Bench.Docker;

/// <summary>An engine with containers to be struck.</summary>
internal sealed class StrikingGround : IAsyncDisposable
{
    private readonly DockerEngine _engine;
    private readonly Dictionary<string, IFault> _faults;
    private int _made;

    private StrikingGround(DockerEngine engine)
    {
        _engine = engine;
        Api = new DockerApi(engine.Socket);
        _faults = FaultCatalogue.All(new(TimeProvider.System, engine.Socket, Path.GetTempPath())).ToDictionary(f => f.Description.Kind);
    }

    public DockerApi Api { get; }

    public static async Task<StrikingGround> StartAsync() => new(await DockerEngine.StartAsync());

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _engine.DisposeAsync();
    }

    public IFault Fault(string kind) => _faults[kind];

    public Task<DockerContainer> ContainerAsync() => _engine.RunAsync(new ContainerOrder($"c{Interlocked.Increment(ref _made)}", "busybox", "sleep", "1000"));

    /// <summary>What stands in the journal when a fault is about to be applied.</summary>
    public async Task<FaultIntent> IntendAsync(string kind, DockerContainer container)
    {
        var target = ContainerFacts.From((await Api.InspectAsync(container.Id, CancellationToken.None))!).Target;
        var order = new FaultOrder(kind, target, TimeSpan.FromMinutes(1));
        var ready = (Preparation.Ready)await _faults[kind].PrepareAsync(order, CancellationToken.None);
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            Handle = $"{_made:x12}",
            Kind = kind,
            Target = target,
            Prior = ready.Prior,
            JournaledAt = now,
            Deadline = now + order.Duration,
            DeadlineSinceBoot = TimeSpan.Zero,
            BootId = "",
        };
    }
}
