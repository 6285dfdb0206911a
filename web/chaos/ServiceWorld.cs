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
    private LocalWorld? _local;

    /// <summary>The guards and their book.</summary>
    /// <exception cref="GuardBookException">It can't be opened; the message is for people.</exception>
    public GuardBook Guards => Local.Guards;

    private LocalWorld Local
    {
        get
        {
            lock (_gate)
                return _local ??= LocalWorld.Open(new(time, options.ChaosFolder));
        }
    }

    /// <exception cref="GuardBookException">The guards' book can't be opened or read.</exception>
    public async Task<ChaosWorld> OnAsync(IChaosTimeline timeline)
    {
        var world = await Local.OnAsync(timeline, new Random());
        return world with { Executor = (host, lease, stop) => host == "local" || access is null ? world.Executor(host, lease, stop) : AgentAsync(access, host, lease, stop) };
    }

    /// <inheritdoc/>
    public void Dispose() => _local?.Dispose();

    private async Task<IFaultExecutor> AgentAsync(AccessServer agents, string host, TimeSpan lease, CancellationToken stop) =>
        await AgentExecutors.OpenAsync(agents, host, lease, time, stop);
}
