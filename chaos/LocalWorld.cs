using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>
/// What experiments reach from this machine, put together: inventories, protection, guards, executors, probes, audit log. The command line and the
/// service share it; each run gets a <see cref="ChaosWorld"/> of its own with its timeline.
/// </summary>
public sealed class LocalWorld : IDisposable
{
    private readonly DockerApi _engine;
    private readonly IReadOnlyDictionary<TargetKind, IInventory> _here;
    private readonly LocalWorldOptions _options;

    private LocalWorld(LocalWorldOptions options, IAudit audit)
    {
        (_options, Audit, _engine) = (options, audit, new DockerApi(options.DockerSocket));
        Guards = options.Shared?.Guards ?? GuardBook.Open(options.StateFolder, options.Time, audit);
        _here = new Dictionary<TargetKind, IInventory>
        {
            [TargetKind.Container] = new DockerInventory(_engine),
            [TargetKind.Process] = new ProcessInventory(),
            [TargetKind.Host] = new HostInventory(),
            [TargetKind.Pod] = PodInventory.OfThisMachine(),
        };
    }

    /// <summary>The guards and their book.</summary>
    public GuardBook Guards { get; }

    /// <summary>Where everything that is done is told.</summary>
    public IAudit Audit { get; }

    /// <summary>Opens the state folder.</summary>
    /// <exception cref="GuardBookException">The guards' book can't be opened; the message is for people.</exception>
    public static LocalWorld Open(LocalWorldOptions options) => new(options, options.Shared?.Audit ?? new AuditLog(options.StateFolder, options.Time));

    /// <summary>What one run reaches.</summary>
    /// <param name="timeline">Where it tells.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="metrics">Figures of the test that it goes along with; null if there is none.</param>
    /// <exception cref="GuardBookException">The guards' book can't be read.</exception>
    public async Task<ChaosWorld> OnAsync(IChaosTimeline timeline, Random random, IRunMetrics? metrics = null)
    {
        var rules = await Guards.RulesAsync(CancellationToken.None);
        return new()
        {
            Time = _options.Time,
            Random = random,
            Inventory = new Inventories { Here = _here, Agents = _options.Agents is { } agents ? stop => InventoriesOfAsync(agents, stop) : null },
            Protection = rules.Protect(OwnProtection.Of(_options.NeededPorts)),
            Guard = Guards,
            Audit = Audit,
            Executor = ExecutorAsync,
            Probes = new ProbeFactory(_options.Time, _options.DockerSocket, metrics, _options.Hosts),
            Timeline = timeline,
            StateFolder = _options.StateFolder,
            EngineEvents = (since, stop) => new ContainerEvents(_engine, _options.Time).FollowAsync(since, stop),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Guards.Dispose();
        _engine.Dispose();
    }

    private static async Task<IReadOnlyDictionary<string, IInventory>> InventoriesOfAsync(AgentHosts agents, CancellationToken stop) =>
        (await agents.Connected(stop)).ToDictionary(host => host, host => (IInventory)new AgentInventory(host, agents.Ask(host)));

    private async Task<IFaultExecutor> ExecutorAsync(string host, TimeSpan lease, CancellationToken stop)
    {
        if (host == "local")
            return await ExecutorProcess.StartAsync(_options.StateFolder, _options.DockerSocket, lease, stop);
        return _options.Agents is { } agents
            ? await AgentExecutor.OpenAsync(host, agents.Ask(host), lease, _options.Time, stop)
            : throw new FaultException($"Nothing here reaches {host}. Name targets of this machine (local), or let agents dial in (pressure serve --agents).");
    }
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

    /// <summary>The guards' book and the audit log of several nodes; null for this machine's own.</summary>
    public (GuardBook Guards, IAudit Audit)? Shared { get; init; }

    /// <summary>Figures of agents' hosts; null where there are none.</summary>
    public IHostMetrics? Hosts { get; init; }

    /// <summary>Hosts other than this machine; null where none can be reached.</summary>
    public AgentHosts? Agents { get; init; }
}
