using System.Net;
using System.Net.Sockets;

namespace Pressure.Mirror.Tests;

/// <summary>Whatever the test target does, production's clients do not notice, and each copy has a fate.</summary>
public class BadTargetTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_target_that_is_not_there_opens_the_breaker()
    {
        var time = new FakeTime();
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Copy = Nobody() }, time: time);

        await AskAsync(rig, 50);
        await rig.SettledAsync();

        Assert.Equal("open", rig.Status.Copies!.Breaker);
        Conserved(rig, 50);
        Assert.InRange(rig.Status.Copies!.Fates["connect-failed"], 10, 50);
        Assert.Equal(50, rig.Status.Copies.Fates["connect-failed"] + rig.Status.Copies.Fates["breaker-open"]);
    }

    [Fact]
    public async Task The_breaker_closes_when_the_target_is_back()
    {
        var time = new FakeTime();
        var port = Nobody().Port;
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Copy = new Uri($"http://127.0.0.1:{port}/") }, time: time);
        await AskAsync(rig, 30);
        await rig.SettledAsync();
        Assert.Equal("open", rig.Status.Copies!.Breaker);
        await using var back = await Server.StartAsync("back", port);

        await AskAsync(rig, 1);
        Assert.Equal(0, back.Count);
        time.Advance(new BreakerRules().Pause);
        await AskAsync(rig, 1);
        await rig.SettledAsync();
        Assert.Equal("closed", rig.Status.Copies!.Breaker);
        await AskAsync(rig, 5);
        await rig.SettledAsync();

        Assert.Equal((6, 6L), (back.Count, rig.Status.Copies!.Copied));
        Conserved(rig, 37);
    }

    [Fact]
    public async Task A_target_that_never_answers_costs_production_nothing()
    {
        var time = new FakeTime();
        await using var hole = RawServer.Silent();
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Copy = hole.Url, Limits = new CopyLimits { Concurrency = 8, QueueRequests = 20 } }, time: time);

        await AskAsync(rig, 100);
        Assert.Equal((8, 20, 72L), (rig.Status.Copies!.UnderWay, rig.Status.Copies.Waiting, await rig.FateAsync(CopyFate.QueueFull, 72)));
        // Each of those under way gives up in turn, and the next ones too, until the breaker opens.
        while (rig.Status.Copies is { Open: > 0 })
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2, Stop);
        }

        Conserved(rig, 100);
        Assert.InRange(rig.Status.Copies!.Fates["timed-out"], 10, 24);
        Assert.Equal(28, rig.Status.Copies.Fates["timed-out"] + rig.Status.Copies.Fates["breaker-open"]);
    }

    [Fact]
    public async Task A_slow_target_gets_as_many_copies_as_it_can_take()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Limits = new CopyLimits { Concurrency = 4, QueueRequests = 10 } });
        rig.Target.Before = _ => go.Task;

        await AskAsync(rig, 50);
        await rig.FateAsync(CopyFate.QueueFull, 36);
        go.SetResult();
        await rig.SettledAsync();

        Assert.Equal((14, 14L, 36L), (rig.Target.Count, rig.Status.Copies!.Copied, rig.Status.Copies.Fates["queue-full"]));
        Conserved(rig, 50);
    }

    [Fact]
    public async Task A_flood_of_bodies_holds_no_more_memory_than_it_may()
    {
        const long Most = 1 << 20;
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Rules = new CopyRules { Methods = ["POST"] }, Limits = new CopyLimits { QueueBytes = Most, MaxBody = 300_000, Concurrency = 2 } });
        rig.Target.Before = _ => go.Task;

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = Stop }, async (i, stop) =>
        {
            using var answer = await rig.Client.PostAsync("a", new ByteArrayContent(new byte[i * 1000]), stop);
            Assert.Equal($"POST /a {i * 1000}", await answer.Content.ReadAsStringAsync(stop));
        });
        go.SetResult();
        await rig.SettledAsync();

        Conserved(rig, 200);
        Assert.InRange(rig.Status.Copies!.HighestHeldBytes, Most / 4, Most);
        Assert.Equal(0, rig.Status.Copies.HeldBytes);
        Assert.InRange(rig.Status.Copies.Fates["no-room"], 50, 199);
        Assert.Equal(rig.Status.Copies.Copied, rig.Target.Count);
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: \u0001\r\n\r\n")]
    [InlineData("")]
    public async Task A_target_that_talks_nonsense_is_counted(string answer)
    {
        await using var raving = new RawServer(async (stream, stop) =>
        {
            await RawServer.ReadHeadAsync(stream, stop);
            await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer), stop);
        });
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Copy = raving.Url });

        await AskAsync(rig, 30);
        await rig.SettledAsync();

        Conserved(rig, 30);
        Assert.InRange(rig.Status.Copies!.Fates.GetValueOrDefault("broken") + rig.Status.Copies.Copied, 1, 30);
    }

    [Fact]
    public async Task A_target_whose_answer_never_ends_has_answered()
    {
        var time = new FakeTime();
        await using var endless = new RawServer(async (stream, stop) =>
        {
            await RawServer.ReadHeadAsync(stream, stop);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nonly this"u8.ToArray(), stop);
            await Task.Delay(Timeout.Infinite, stop);
        });
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Copy = endless.Url, Compare = TrafficCopy.ComparisonRules.Default }, time: time);
        await AskAsync(rig, 20);
        while (rig.Status.Copies is { Open: > 0 })
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2, Stop);
        }

        Assert.Equal((20, "closed", 20), (rig.Status.Copies!.Copied, rig.Status.Copies.Breaker, rig.Mirror.Differences!.NotCompared["incomplete"]));
    }

    [Fact]
    public async Task A_thousand_at_a_time_are_answered_and_conserved()
    {
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Rules = new CopyRules { Methods = ["GET", "POST"] } });

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            using var answer = i % 2 == 0 ? await rig.Client.GetAsync($"a{i}", Stop) : await rig.Client.PostAsync($"a{i}", new ByteArrayContent(new byte[i]), Stop);
            Assert.Equal($"{(i % 2 == 0 ? "GET" : "POST")} /a{i} {(i % 2 == 0 ? 0 : i)}", await answer.Content.ReadAsStringAsync(Stop));
        }));
        await rig.SettledAsync();

        Conserved(rig, 1000);
        Assert.Equal(1000, rig.Status.Copies!.Copied);
        Assert.Equal(Paths(rig.Production), Paths(rig.Target));
    }

    [Fact]
    public async Task A_client_that_goes_away_is_counted_and_not_copied()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await MirrorRig.StartAsync();
        rig.Production.Before = _ => go.Task;
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(rig.Mirror.Listening, Stop);
            await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Stop);
            while (rig.Status.Production.Requests == 0)
                await Task.Delay(5, Stop);
        }

        await rig.FateAsync(CopyFate.ClientAborted);
        go.SetResult();

        Conserved(rig, 1);
        Assert.Equal((1, 0), (rig.Status.Production.Aborted, rig.Target.Count));
    }

    [Fact]
    public async Task Copies_that_wait_when_the_mirror_ends_are_counted()
    {
        await using var hole = RawServer.Silent();
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Copy = hole.Url, Limits = new CopyLimits { Concurrency = 2 } });
        await AskAsync(rig, 20);

        await rig.Mirror.DisposeAsync();

        Conserved(rig, 20);
        Assert.Equal((0, 20), (rig.Status.Copies!.Open, rig.Status.Copies.Fates["ended"]));
    }

    private static async Task AskAsync(MirrorRig rig, int times)
    {
        for (var i = 0; i < times; i++)
            Assert.Equal("GET /a 0", await rig.Client.GetStringAsync("a", Stop));
    }

    private static void Conserved(MirrorRig rig, long requests)
    {
        var status = rig.Status;
        Assert.Equal((requests, requests), (status.Production.Requests, status.Copies!.Fates.Values.Sum() + status.Copies.Open));
    }

    private static IEnumerable<string> Paths(Server server) => server.Asked.Select(a => a.Target).Order(StringComparer.Ordinal);

    private static Uri Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}/");
    }
}
