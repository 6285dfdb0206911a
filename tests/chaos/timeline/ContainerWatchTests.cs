using System.Collections.Concurrent;

namespace Pressure.Chaos.Tests;

public sealed class ContainerWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Kills_and_restarts_stand_on_the_timeline_at_the_engines_own_moments()
    {
        await using var engine = await DockerEngine.StartAsync(keepsContainers: true);
        using var api = new DockerApi(engine.Socket);
        await using var items = await engine.RunAsync(new ContainerOrder("items", "busybox", "sleep", "1000") { Labels = new Dictionary<string, string> { ["pressure.chaos"] = "allow" } });
        await using var other = await engine.RunAsync(new ContainerOrder("other", "busybox", "sleep", "1000"));
        var timeline = new Told();
        await using (ContainerWatch.Start(timeline, api, TimeProvider.System, Protection.Usual))
        {
            await other.SignalAsync("KILL");
            await items.SignalAsync("KILL");
            await engine.AskAsync(HttpMethod.Post, $"containers/{items.Id}/start");
            await timeline.UntilAsync(e => e is { Action: "start" });
            await engine.EndAsync();
            await timeline.UntilAsync(e => e is { Action: "away" });
            await engine.BeginAsync();
            await timeline.UntilAsync(e => e is { Action: "back" });
        }

        Assert.Equal(["items kill signal 9", "items die exit code 137", "items start ", $"container engine away No container engine answers on {engine.Socket}", "container engine back "],
            timeline.Events.Select(e => $"{e.Container} {e.Action} {e.Note}"));
        Assert.All(timeline.Events, e => Assert.InRange(e.At, TimeSpan.Zero, timeline.Clock.Now));
        Assert.Equal(timeline.Events.Select(e => e.At).Order(), timeline.Events.Select(e => e.At));
    }

    private sealed class Told : IChaosTimeline
    {
        private readonly ConcurrentQueue<TimelineEvent.ContainerChanged> _events = [];

        public RunClock Clock { get; } = new(TimeProvider.System);

        public string? Folder => null;

        public IReadOnlyList<TimelineEvent.ContainerChanged> Events => [.. _events];

        public void Tell(TimelineEvent what) => _events.Enqueue((TimelineEvent.ContainerChanged)what);

        public async Task UntilAsync(Func<TimelineEvent.ContainerChanged, bool> seen)
        {
            using var limit = new CancellationTokenSource(Patience);
            while (!_events.Any(seen))
                await Task.Delay(20, limit.Token);
        }
    }
}
