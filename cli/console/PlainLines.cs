using Pressure.Cluster;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>Progress for logs and pipes: a line now and then, no cursor tricks.</summary>
internal static class PlainLines
{
    public static async Task FollowAsync(RunHandle run, TextWriter to)
    {
        var every = run.Manifest.Duration <= TimeSpan.FromMinutes(1) ? 5 : 30;
        await to.WriteLineAsync($"Run {run.Manifest.Id}: {run.Manifest.Target}, {Load(run.Manifest.Load)}{Length(run.Manifest)}");
        await foreach (var (_, update) in run.Live.Follow(0, CancellationToken.None))
        {
            switch (update)
            {
                case LiveUpdate.Second { Point: var point } when (point.Second + 1) % every == 0:
                    await to.WriteLineAsync(Line(run, point));
                    break;
                case LiveUpdate.Event { What: var what }:
                    await to.WriteLineAsync($"{Figures.Span(what.At)}  {what.Detail}");
                    break;
                case LiveUpdate.Reporting:
                    await to.WriteLineAsync("Writing reports ...");
                    break;
            }
            await to.FlushAsync();
        }
    }

    private static string Load(LoadManifest load) => load switch
    {
        { Users: [_, ..] users } => $"up to {users.Max(u => Math.Max(u.FromUsers, u.ToUsers))} users",
        { Search: { } search } => $"capacity search from {Figures.Rate(search.From)}{(search.To is { } to ? $" to {Figures.Rate(to)}" : "")}",
        { IsReplay: true } => load.Total > 0 ? $"captured traffic, {Figures.Count(load.Total)} requests" : "captured traffic",
        _ => $"{Figures.Count(load.Total)} requests",
    };

    private static string Length(RunManifest manifest) =>
        manifest.Load.OpenEnded ? " until it is ended" : $" {(manifest.Load.IsSelfMade ? "within" : "in")} {Figures.Span(manifest.Duration)}";

    private static string Line(RunHandle run, TimelinePoint point)
    {
        var at = TimeSpan.FromSeconds(point.Second + 1);
        var status = run.Status;
        var left = TimeSpan.FromSeconds(status.Duration) - at;
        var paused = status.Phase == RunPhase.Paused ? "paused  " : "";
        return $"{Figures.Span(at)}  {paused}{Figures.Rate(point.Sent)}  p95 {Figures.Millis(point.P95)}  errors {Figures.Count(point.Failed)}  in flight {point.InFlight}{(run.Manifest.Load.OpenEnded ? "" : $"  left {Figures.Span(left > TimeSpan.Zero ? left : TimeSpan.Zero)}")}{Dropped(run)}";
    }

    /// <summary>Points that did not reach their sinks; nothing while all do.</summary>
    public static string Dropped(RunHandle run) => run.Exports.Sum(e => e.Dropped) is > 0 and var dropped ? $"  points dropped {Figures.Count(dropped)}" : "";
}
