using Pressure.Cluster;
using Pressure.LoadGen;

namespace Pressure.Web.Workers;

/// <summary>The workers that could make the load of a run besides this machine, as far as the service reaches them. Thread-safe.</summary>
public interface IWorkerDirectory
{
    /// <summary>Whether there is a broker over which workers are reached.</summary>
    bool HasBroker { get; }

    /// <summary>The workers that are there now, by name; those that work for a run among them.</summary>
    IReadOnlyList<WorkerCard> Workers { get; }

    /// <summary>Looks for workers and readies them for a run, which may take a minute when there are too few.</summary>
    /// <param name="run">What they are to make.</param>
    /// <param name="wish">How many, and where.</param>
    /// <param name="allow">Hosts that may be pressed, as the run's guard has them.</param>
    /// <param name="stop">Ends the search.</param>
    Task<Recruiting> RecruitAsync(RunRequest run, WorkersWish wish, IReadOnlyList<string> allow, CancellationToken stop);
}
