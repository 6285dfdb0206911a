using Pressure.Faults;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>
/// Tells on a run's timeline what the machine's container engine says of containers that may be struck: those that bear the opt-in label.
/// Without an engine it tells nothing.
/// </summary>
/// <param name="engine">Path of the engine's socket.</param>
/// <param name="time">The run's clock.</param>
public sealed class ContainerWatch(string engine, TimeProvider time) : IRunCompanion
{
    /// <summary>A container that dies again and again must not fill the timeline.</summary>
    private const int MostEvents = 2_000;

    private static readonly string[] Untold = ["create", "rename"];

    /// <inheritdoc/>
    public async Task GoAlongAsync(IAccompaniedRun run, CancellationToken stop)
    {
        using var api = new DockerApi(engine);
        var told = 0;
        await foreach (var happened in new ContainerEvents(api, time).FollowAsync(run.Clock.StartedAt, stop))
        {
            if (happened is not EngineEvent.Changed changed || !changed.MayBeStruck || Untold.Contains(changed.Action) || ++told > MostEvents)
                continue;
            var at = changed.At - run.Clock.StartedAt;
            run.Tell(new TimelineEvent.ContainerChanged(at > TimeSpan.Zero ? at : TimeSpan.Zero, "local", changed.Name, changed.Action, changed.Note));
        }
    }
}
