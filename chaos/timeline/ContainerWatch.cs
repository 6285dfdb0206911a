using Pressure.Faults;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>
/// Tells a timeline what the engine tells of containers that may be struck: kills and restarts then stand beside faults and load, at the engine's own
/// moments. That the engine itself can't be heard is told too: silence would look like peace.
/// </summary>
public sealed class ContainerWatch : IAsyncDisposable
{
    /// <summary>By this name the engine itself stands on the timeline.</summary>
    private const string Engine = "container engine";

    /// <summary>A container that dies again and again must not fill the timeline.</summary>
    private const int MostEvents = 2_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    private ContainerWatch(IChaosTimeline timeline, ContainerEvents events, Protection protection, string host) =>
        _watching = WatchAsync(timeline, events, protection, host);

    /// <summary>Begins to watch, from now on.</summary>
    /// <param name="timeline">Where it is told.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="time">The clock of the machine that the engine is on.</param>
    /// <param name="protection">Containers that have not opted in are not told of; all are if nobody has to.</param>
    /// <param name="host">The machine's name.</param>
    public static ContainerWatch Start(IChaosTimeline timeline, DockerApi engine, TimeProvider time, Protection protection, string host = "local") =>
        new(timeline, new ContainerEvents(engine, time), protection, host);

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(IChaosTimeline timeline, ContainerEvents events, Protection protection, string host)
    {
        var left = MostEvents;
        await foreach (var told in events.FollowAsync(timeline.Clock.WallTimeAt(timeline.Clock.Now), _stop.Token))
        {
            switch (told)
            {
                case EngineEvent.Changed changed when protection.OptInLabel is not { } label || changed.Labels.GetValueOrDefault(label.Key) == label.Value && left-- > 0:
                    timeline.Tell(new TimelineEvent.ContainerChanged(changed.At - timeline.Clock.StartedAt, host, changed.Name, changed.Action, changed.Note));
                    break;
                case EngineEvent.Away away:
                    timeline.Tell(new TimelineEvent.ContainerChanged(timeline.Clock.Now, host, Engine, "away", away.Why.TrimEnd('.')));
                    break;
                case EngineEvent.Back:
                    timeline.Tell(new TimelineEvent.ContainerChanged(timeline.Clock.Now, host, Engine, "back"));
                    break;
            }
        }
    }
}
