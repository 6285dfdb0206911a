using Pressure.Record;

namespace Pressure.Reports.Tests;

/// <summary>A run in which one of two item services is killed at half time, and a drill without load.</summary>
internal static class ChaosRun
{
    private const string Id = "7d1c0a9b2e4f";

    public static RunRecord Build(bool left = false)
    {
        var run = RunBuilder.New().Manifest(m => m with
        {
            Name = "shop peak, one item service killed",
            Duration = At(60),
            WarmUp = At(5),
            Load = new LoadManifest { Kind = "rate", Arrivals = "uniform", Total = 8340, Segments = [new(TimeSpan.Zero, At(60), 139, 139)] },
            Requests = [new("item", "browse", "GET", "http://127.0.0.1:5080/item/7", "gateway", 0.7), new("order", "buy", "POST", "http://127.0.0.1:5080/order", "gateway", 0.3)],
        }).Threshold("http_req_failed", "rate < 5%").Threshold("http_req_duration", "p(95) < 500ms");
        for (var second = 0; second < 60; second++)
        {
            var down = second is >= 30 and < 36;
            run.Second(second, ok: down ? 48 : 97 + second % 3, failed: down ? 50 : 0, milliseconds: down ? 31 : 9 + second % 4)
                .Second(second, ok: 41, milliseconds: 14 + second % 5, request: 1);
        }
        Tell(run, left);
        return run.Build();
    }

    public static RunRecord Drill()
    {
        var run = RunBuilder.New().Manifest(m => m with { Name = "Kill one item service", Target = "", Duration = TimeSpan.Zero, Load = LoadManifest.OfDrill, Requests = [] });
        Tell(run, left: false);
        var built = run.Build();
        return built with
        {
            PlanText = "title: Kill one item service\nmethod:\n  - type: action\n    name: kill it\n",
            // A drill has no load to begin, and ends with its last event.
            Events = [.. built.Events.Where(e => e is not (TimelineEvent.RunStarted or TimelineEvent.RunEnded)), new TimelineEvent.RunEnded(At(52))],
        };
    }

    private static void Tell(RunBuilder run, bool left)
    {
        var every = At(0.5);
        TimelineEvent[] events =
        [
            new TimelineEvent.ExperimentStarted(At(28), Id, "Kill one item service", "demo"),
            new TimelineEvent.ProbeHeld(At(28.1), Id, "the shop shows an item", every),
            new TimelineEvent.FaultOn(At(30.2), "a1", Id, "container-kill", "local", "shop-item-2", At(36.2)),
            new TimelineEvent.ContainerChanged(At(30.21), "local", "shop-item-2", "kill", "signal 9"),
            new TimelineEvent.ContainerChanged(At(30.25), "local", "shop-item-2", "die", "exit code 137"),
            new TimelineEvent.ProbeFailed(At(30.7), Id, "the shop shows an item", "status 502, expected 200", every),
            new TimelineEvent.Marked(At(33), "detected", "ops", "pager"),
            new TimelineEvent.Marked(At(34.5), "located", "ops"),
            new TimelineEvent.ContainerChanged(At(35.8), "local", "shop-item-2", "start"),
            left ? new TimelineEvent.RevertIncomplete(At(36.2), "a1", "container-kill", "shop-item-2", "the container does not start: no such image", "Start it: docker start shop-item-2.")
                : new TimelineEvent.FaultOff(At(36.2), "a1", "container-kill", "shop-item-2", "deadline"),
            new TimelineEvent.ProbeHeld(At(37.1), Id, "the shop shows an item", every),
            new TimelineEvent.FaultOn(At(42), "b2", Id, "network-delay", "local", "shop-gateway", At(47), "delay 80ms"),
            new TimelineEvent.FaultOff(At(47), "b2", "network-delay", "shop-gateway", "controller"),
            new TimelineEvent.ExperimentEnded(At(50), Id, "Kill one item service", "completed", false),
            new TimelineEvent.StrikeRefused(At(51), "", "container-kill", "budget", "Two kills an hour are allowed, and two have been."),
        ];
        foreach (var what in events)
            run.Event(what);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
