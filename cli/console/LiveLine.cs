using Pressure.Cluster;
using Pressure.Record;
using Pressure.Reports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>Progress on a terminal: one line with a bar, rate, p95, errors and time left, renewed every second; events scroll above it.</summary>
internal static class LiveLine
{
    private const int BarWidth = 24;

    public static Task FollowAsync(RunHandle run, IAnsiConsole console)
    {
        console.MarkupLineInterpolated($"[bold]{run.Manifest.Name}[/]  {run.Manifest.Target}");
        return console.Live(Text.Empty).AutoClear(true).StartAsync(async live =>
        {
            var past = new List<IRenderable>();
            IRenderable line = new Text("Starting ...");
            var bracket = "";
            var away = new HashSet<string>();
            await foreach (var (_, update) in run.Live.Follow(0, CancellationToken.None))
            {
                switch (update)
                {
                    case LiveUpdate.Second { Point: var point }:
                        line = Line(run, point, bracket + Workers(run.Manifest, away));
                        break;
                    case LiveUpdate.Event { What: var what }:
                        past.Add(new Markup($"[grey]{Figures.Span(what.At)}[/]  {Markup.Escape(what.Detail)}"));
                        if (what is TimelineEvent.SearchPlateauEnded plateau)
                            bracket = $"  capacity {Rate(plateau.Holds)} .. {Rate(plateau.Breaks)}";
                        if (what is TimelineEvent.WorkerLost lost)
                            away.Add(lost.Worker);
                        else if (what is TimelineEvent.WorkerHeard heard)
                            away.Remove(heard.Worker);
                        break;
                    case LiveUpdate.Reporting:
                        line = new Text("Writing reports ...");
                        break;
                }
                live.UpdateTarget(new Rows([.. past.TakeLast(5), line]));
                live.Refresh();
            }
        });
    }

    /// <summary>How many of the workers are there; nothing when this process makes the load.</summary>
    private static string Workers(RunManifest run, HashSet<string> away) =>
        run.Crew is not { Workers.Count: var all } ? "" : away.Count == 0 ? $"  workers {all}" : $"  [yellow]workers {all - away.Count} of {all}[/]";

    private static string Rate(double? rate) => rate is { } known ? Figures.Rate(known) : "?";

    private static Markup Line(RunHandle run, TimelinePoint point, string bracket)
    {
        var at = TimeSpan.FromSeconds(point.Second + 1);
        var status = run.Status;
        var end = TimeSpan.FromSeconds(status.Duration);
        var open = run.Manifest.Load.OpenEnded;
        var done = open ? 0 : end > TimeSpan.Zero ? Math.Clamp(at / end, 0, 1) : 1;
        var left = end - at;
        var filled = (int)(done * BarWidth);
        // Of what nobody said how long it goes on, how long it has.
        var length = open ? Figures.Span(at) : $"{(run.Manifest.Load.IsSelfMade ? "at most" : "left")} {Figures.Span(left > TimeSpan.Zero ? left : TimeSpan.Zero)}";
        var errors = point.Sent > 0 ? (double)point.Failed / Math.Max(1, point.Ok + point.Failed) : 0;
        return new Markup(
            $"[blue]{new string('█', filled)}[/][grey]{new string('░', BarWidth - filled)}[/] " +
            (status.Phase == RunPhase.Paused ? "[yellow]paused[/]  " : "") +
            $"[bold]{Figures.Rate(point.Sent)}[/] of {Figures.Rate(point.Asked)}  p95 [bold]{Figures.Millis(point.P95)}[/]  " +
            $"errors {(errors > 0 ? "[red]" : "[green]")}{Figures.Percent(errors)}[/]  {length}{bracket}[yellow]{PlainLines.Dropped(run)}[/]");
    }
}
