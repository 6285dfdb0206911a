using Pressure.Chaos;
using Pressure.Faults;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.Chaos;

/// <summary>
/// What drills of the service reach: this machine, and the hosts of its agents. The guards' book is opened when it is needed first, so that a service
/// that strikes nothing needs none.
/// </summary>
internal sealed class ServiceWorld(WebOptions options, TimeProvider time, AccessServer? access = null) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DockerApi _engine = new(FaultTools.UsualSocket);
    private GuardBook? _guards;

    /// <summary>The guards and their book.</summary>
    /// <exception cref="GuardBookException">It can't be opened; the message is for people.</exception>
    public GuardBook Guards
    {
        get
        {
            lock (_gate)
                return _guards ??= GuardBook.Open(options.ChaosFolder, time, new AuditLog(options.ChaosFolder, time));
        }
    }

    /// <exception cref="GuardBookException">The guards' book can't be opened or read.</exception>
    public async Task<ChaosWorld> OnAsync(IChaosTimeline timeline)
    {
        var guards = Guards;
        var rules = await guards.RulesAsync(CancellationToken.None);
        return new()
        {
            Time = time,
            Random = new Random(),
            Inventory = new Inventories
            {
                Here = new Dictionary<TargetKind, IInventory>
                {
                    [TargetKind.Container] = new DockerInventory(_engine),
                    [TargetKind.Process] = new ProcessInventory(),
                    [TargetKind.Host] = new HostInventory(),
                },
            },
            Protection = rules.Protect(OwnProtection.Of()),
            Guard = guards,
            Executor = ExecutorAsync,
            Probes = new ProbeFactory(time, FaultTools.UsualSocket),
            Timeline = timeline,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _guards?.Dispose();
        _engine.Dispose();
    }

    private async Task<IFaultExecutor> ExecutorAsync(string host, TimeSpan lease, CancellationToken stop)
    {
        if (host == "local")
            return await ExecutorProcess.StartAsync(options.ChaosFolder, FaultTools.UsualSocket, lease, stop);
        return access is not null
            ? await AgentExecutors.OpenAsync(access, host, lease, time, stop)
            : throw new FaultException($"{host} can't be reached: this service was started without a port for agents.");
    }
}
