using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>A change of the load as the timeline tells it.</summary>
internal static class SteeringEvent
{
    public static TimelineEvent Of(SteeringChange change, TimeSpan at, string by) => change switch
    {
        SteeringChange.ToRate to => new TimelineEvent.LoadSteered(at, by, SteeredTo.Rate, to.Rate.PerSecond),
        SteeringChange.ToFactor to => new TimelineEvent.LoadSteered(at, by, SteeredTo.Factor, (double)to.Factor),
        SteeringChange.ToUsers to => new TimelineEvent.LoadSteered(at, by, SteeredTo.Users, to.Users),
        SteeringChange.ToPlan => new TimelineEvent.LoadSteered(at, by, SteeredTo.Plan),
        SteeringChange.Pause => new TimelineEvent.LoadSteered(at, by, SteeredTo.Paused),
        SteeringChange.Resume => new TimelineEvent.LoadSteered(at, by, SteeredTo.Resumed),
        SteeringChange.Finish => new TimelineEvent.StopRequested(at, by, Graceful: true),
        _ => throw new NotSupportedException($"Change {change.GetType().Name} has no event."),
    };
}
