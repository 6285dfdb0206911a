using Pressure.Chaos;
using Pressure.Faults;

namespace Pressure.Cluster;

/// <summary>Tells on a run's timeline what the machine's container engine tells of containers that may be struck.</summary>
/// <param name="engine">Path of the engine's socket.</param>
/// <param name="time">The run's clock.</param>
public sealed class ContainerCompanion(string engine, TimeProvider time) : IRunCompanion
{
    /// <inheritdoc/>
    public async Task GoAlongAsync(IAccompaniedRun run, CancellationToken stop)
    {
        using var api = new DockerApi(engine);
        await using (ContainerWatch.Start(run, api, time, Protection.Usual))
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
