using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>
/// What experiments on this machine reach, put together: inventories, protection, guards, executors, probes. The command line and the service share it;
/// each run gets a <see cref="ChaosWorld"/> of its own with its timeline.
/// </summary>
public sealed class LocalWorld : IDisposable
{
    private readonly GuardBook _guards;
    private readonly DockerApi _engine;
    private readonly LocalWorldOptions _options;

    private LocalWorld(LocalWorldOptions options, GuardBook guards) => (_options, _guards, _engine) = (options, guards, new DockerApi(options.DockerSocket));

    /// <summary>The guards and their book.</summary>
    public GuardBook Guards => _guards;

    /// <summary>Opens the state folder.</summary>
    /// <exception cref="GuardBookException">The guards' book can't be opened; the message is for people.</exception>
    public static LocalWorld Open(LocalWorldOptions options) =>
        new(options, GuardBook.Open(options.StateFolder, options.Time, new AuditLog(options.StateFolder, options.Time)));

    /// <summary>What one run reaches.</summary>
    /// <param name="timeline">Where it tells.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="metrics">Figures of the test that it goes along with; null if there is none.</param>
    public async Task<ChaosWorld> OnAsync(IChaosTimeline timeline, Random random, IRunMetrics? metrics = null)
    {
        var rules = await _guards.RulesAsync(CancellationToken.None);
        var own = OwnProtection.Of(_options.NeededPorts);
        return new()
        {
            Time = _options.Time,
            Random = random,
            Inventory = new Inventories
            {
                Here = new Dictionary<TargetKind, IInventory>
                {
                    [TargetKind.Container] = new DockerInventory(_engine),
                    [TargetKind.Process] = new ProcessInventory(),
                    [TargetKind.Host] = new HostInventory(),
                },
            },
            Protection = own with { Names = [.. own.Names, .. rules.Protected], Allowed = rules.Allowed },
            Guard = _guards,
            Executor = async (host, lease, stop) => host == "local"
                ? await ExecutorProcess.StartAsync(_options.StateFolder, _options.DockerSocket, lease, stop)
                : throw new FaultException($"Nothing here reaches the executor of {host}. Name targets of this machine (local)."),
            Probes = new ProbeFactory(_options.Time, _options.DockerSocket, metrics, _options.Hosts),
            Timeline = timeline,
            StateFolder = _options.StateFolder,
            EngineEvents = (since, stop) => new ContainerEvents(_engine, _options.Time).FollowAsync(since, stop),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _guards.Dispose();
}

/// <summary>What <see cref="LocalWorld"/> is made of.</summary>
/// <param name="Time">The clock.</param>
/// <param name="StateFolder">The state folder.</param>
public sealed record LocalWorldOptions(TimeProvider Time, string StateFolder)
{
    /// <summary>The container engine's socket.</summary>
    public string DockerSocket { get; init; } = FaultTools.UsualSocket;

    /// <summary>Ports of this machine whose listeners must not be struck: the service's broker and database.</summary>
    public IReadOnlyCollection<int> NeededPorts { get; init; } = [];

    /// <summary>Figures of agents' hosts; null where there are none.</summary>
    public IHostMetrics? Hosts { get; init; }
}
