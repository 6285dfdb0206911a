using Pressure.Cluster;
using Pressure.LoadGen;

namespace Pressure.Web.Workers;

/// <summary>A service without a broker: this machine makes all load.</summary>
internal sealed class NoBroker : IWorkerDirectory
{
    public bool HasBroker => false;

    public IReadOnlyList<WorkerCard> Workers => [];

    public Task<Recruiting> RecruitAsync(RunRequest run, WorkersWish wish, IReadOnlyList<string> allow, CancellationToken stop) => Task.FromResult(new Recruiting(
        Crew: null, [new CrewProblem("This service has no broker, so it reaches no workers.", "Start it with --broker, or leave 'workers' out: then this machine makes the load.")], Notices: []));
}
