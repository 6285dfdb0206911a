using Pressure.Cluster;
using Pressure.LoadGen;

namespace Pressure.Web.Workers;

/// <summary>The workers that a bus reaches.</summary>
internal sealed class BusWorkers(IBus bus, string? planFolder, TimeProvider time) : IWorkerDirectory, IAsyncDisposable
{
    private readonly WorkerPresence _presence = new(bus, time);

    public bool HasBroker => true;

    public IReadOnlyList<WorkerCard> Workers => _presence.Now;

    public Task<Recruiting> RecruitAsync(RunRequest run, WorkersWish wish, IReadOnlyList<string> allow, CancellationToken stop) =>
        Crew.RecruitAsync(new CrewRequest(bus, run, wish) { Allow = allow, PlanFolder = planFolder }, time, stop: stop);

    public ValueTask DisposeAsync() => _presence.DisposeAsync();
}
