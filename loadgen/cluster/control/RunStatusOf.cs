using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>How a run goes on at a moment, put together from what is known of it.</summary>
internal static class RunStatusOf
{
    public static RunStatus Moment(RunManifest manifest, string folder, SteeringState state, LoadManifest load, TimeSpan now, TimeSpan asOf, TimelinePoint? last, bool isOver, bool isStopping)
    {
        var end = state.FinishedAt ?? manifest.Duration;
        var at = now < end ? now : end;
        var closed = manifest.Load.Users.Count > 0;
        var goesOn = !isOver && !isStopping;
        return new RunStatus(
            manifest.Id, manifest.Name, Path.GetFullPath(folder), manifest.Target,
            isOver ? RunPhase.Reporting : isStopping || state.FinishedAt is not null ? RunPhase.Stopping : state.IsPaused ? RunPhase.Paused : RunPhase.Running,
            Math.Round(at.TotalSeconds, 3), Math.Round(end.TotalSeconds, 3), Level(state.Level),
            closed ? null : Math.Round(goesOn ? RateNow(state, load, asOf) : 0, 4),
            closed ? goesOn ? SteeredLoad.UsersAt(load, asOf) : 0 : null,
            last?.Sent ?? 0, last?.Failed ?? 0, last?.P95);
    }

    /// <summary>A search steers without telling it as changes: its plateaus are what the timeline tells.</summary>
    private static double RateNow(SteeringState state, LoadManifest load, TimeSpan at) =>
        load.Search is not null && state.Level is SteeringChange.ToRate to ? to.Rate.PerSecond : SteeredLoad.RateAt(load, at);

    private static string Level(SteeringChange level) => level switch
    {
        SteeringChange.ToRate to => FormattableString.Invariant($"{to.Rate.PerSecond:0.####}/s"),
        SteeringChange.ToFactor to => FormattableString.Invariant($"{to.Factor * 100:0.####}%"),
        SteeringChange.ToUsers to => FormattableString.Invariant($"{to.Users} users"),
        _ => "plan",
    };
}
