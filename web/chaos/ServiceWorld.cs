using Pressure.Chaos;
using Pressure.Web.Access;
using Pressure.Web.Agents;
using Pressure.Web.State;

namespace Pressure.Web.Chaos;

/// <summary>
/// What drills of the service reach: this machine, and the hosts of its agents. The guards' book is opened when it is needed first, so that a service
/// that strikes nothing needs none.
/// </summary>
internal sealed class ServiceWorld(WebOptions options, TimeProvider time, AccessServer? access = null, SharedState? shared = null, NodeAgents? agents = null) : IDisposable
{
    private readonly Lock _gate = new();
    private LocalWorld? _world;

    /// <summary>The guards and their book.</summary>
    /// <exception cref="GuardBookException">It can't be opened; the message is for people.</exception>
    public GuardBook Guards => World.Guards;

    /// <summary>Where everything that is done is told; needs no book.</summary>
    public IAudit Audit { get; } = shared?.Audit ?? (IAudit)new AuditLog(options.ChaosFolder, time);

    /// <summary>Hosts of agents, of this node and of others; null where agents can't dial in.</summary>
    public AgentHosts? Agents { get; } = agents is not null ? FaultHosts.Of(agents) : access is null ? null : FaultHosts.Of(access);

    private LocalWorld World
    {
        get
        {
            lock (_gate)
                return _world ??= LocalWorld.Open(new(time, options.ChaosFolder)
                {
                    NeededPorts = options.NeededPorts,
                    Shared = shared is null ? null : (GuardBook.OpenShared(options.ChaosFolder, shared.Database.Source, time, shared.Audit), shared.Audit),
                    Agents = Agents,
                    Hosts = (agents ?? (IAgentHistory?)access) is { } history ? new AgentLevels(history, time) : null,
                });
        }
    }

    /// <exception cref="GuardBookException">The guards' book can't be opened or read.</exception>
    public Task<ChaosWorld> OnAsync(IChaosTimeline timeline) => World.OnAsync(timeline, new Random());

    /// <summary>The same for a run with load.</summary>
    /// <exception cref="GuardBookException">The guards' book can't be opened or read.</exception>
    public Task<ChaosWorld> OnAsync(IChaosTimeline timeline, IRunMetrics metrics) => World.OnAsync(timeline, new Random(), metrics);

    /// <inheritdoc/>
    public void Dispose() => _world?.Dispose();
}
