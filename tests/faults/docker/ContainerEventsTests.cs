using System.Globalization;

namespace Pressure.Faults.Tests;

public sealed class ContainerEventsTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task What_happens_to_containers_is_heard_in_order_with_codes_and_signals()
    {
        var since = TimeProvider.System.GetUtcNow();
        await using var container = await engine.SleeperAsync();
        await container.SignalAsync("KILL");

        var heard = await HearAsync(new ContainerEvents(engine.Api, TimeProvider.System), since, container.Id, "die");

        Assert.Equal(["create", "start", "kill", "die"], heard.Select(h => h.Action));
        Assert.All(heard, h => Assert.Equal(container.Name, h.Name));
        Assert.Equal("signal 9", heard[2].Note);
        Assert.Equal("exit code 137", heard[3].Note);
        var finished = DateTimeOffset.Parse((await engine.InspectAsync(container.Id)).Text("State", "FinishedAt"), CultureInfo.InvariantCulture);
        Assert.InRange((heard[3].At - finished).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_happened_since_a_moment_can_be_asked_for()
    {
        await using var container = await engine.SleeperAsync();
        var since = TimeProvider.System.GetUtcNow();
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{container.Id}/pause");
        await engine.Engine.AskAsync(HttpMethod.Post, $"containers/{container.Id}/unpause");

        var heard = await new ContainerEvents(engine.Api, TimeProvider.System).SinceAsync(container.Id, since, Never);

        Assert.Equal(["pause", "unpause"], heard.Select(h => h.Action));
    }

    [Fact]
    public async Task Listening_that_is_given_up_is_no_end_of_a_container()
    {
        await using var container = await engine.SleeperAsync();
        using var stop = new CancellationTokenSource();
        var striking = new TaskCompletionSource();

        var ending = new ContainerEvents(engine.Api, TimeProvider.System).UntilEndedAsync(container.Id, () => striking.Task, stop.Token);
        await stop.CancelAsync();
        // The listening ends before what was done does.
        await Task.Delay(200, Never);
        striking.SetCanceled(stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ending);
    }

    [Fact]
    public async Task An_engine_that_restarts_is_heard_on_and_nothing_is_heard_twice()
    {
        await using var own = await DockerEngine.StartAsync(keepsContainers: true);
        using var api = new DockerApi(own.Socket);
        await using var container = await own.RunAsync(new ContainerOrder("items", "busybox", "sleep", "1000"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<EngineEvent> heard = [];
        var since = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);
        var listening = Task.Run(async () =>
        {
            await foreach (var told in new ContainerEvents(api, TimeProvider.System).FollowAsync(since, limit.Token))
            {
                lock (heard)
                    heard.Add(told);
                if (told is EngineEvent.Changed { Action: "unpause" })
                    return;
            }
        }, Never);
        await own.AskAsync(HttpMethod.Post, $"containers/{container.Id}/pause");
        // An engine that ends forgets: what was not heard by then is not told.
        while (!HeardThat("pause"))
            await Task.Delay(50, limit.Token);
        await own.EndAsync();
        while (!Heard<EngineEvent.Away>())
            await Task.Delay(50, limit.Token);
        await own.BeginAsync();
        while (!Heard<EngineEvent.Back>())
            await Task.Delay(50, limit.Token);
        await own.AskAsync(HttpMethod.Post, $"containers/{container.Id}/unpause");
        await listening;

        Assert.Equal(["create", "start", "pause", "away", "back", "unpause"], heard.Select(h => h switch
        {
            EngineEvent.Changed changed => changed.Action,
            EngineEvent.Away => "away",
            _ => "back",
        }));
        Assert.Contains("No container engine answers", heard.OfType<EngineEvent.Away>().Single().Why, StringComparison.Ordinal);

        bool HeardThat(string action)
        {
            lock (heard)
                return heard.OfType<EngineEvent.Changed>().Any(c => c.Action == action);
        }

        bool Heard<T>()
        {
            lock (heard)
                return heard.OfType<T>().Any();
        }
    }

    private static async Task<List<EngineEvent.Changed>> HearAsync(ContainerEvents events, DateTimeOffset since, string container, string until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        List<EngineEvent.Changed> heard = [];
        await foreach (var told in events.FollowAsync(since, limit.Token))
        {
            if (told is EngineEvent.Changed changed && changed.Id == container)
                heard.Add(changed);
            if (heard.Count > 0 && heard[^1].Action == until)
                break;
        }
        return heard;
    }
}
