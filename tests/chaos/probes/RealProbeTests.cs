using System.Text.Json.Nodes;

namespace Pressure.Chaos.Tests.Probes;

public sealed class RealProbeTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // So long that a busy machine misses no answer: what is told then is told because of the server.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ShopServer _shop = new();
    private readonly ProbeFactory _factory = new(TimeProvider.System, "");

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Http_tells_status_headers_body_and_duration()
    {
        _shop.Start();
        var seen = (await AskAsync("http", new() { ["url"] = $"http://127.0.0.1:{_shop.Port}/item/1", ["contains"] = "sell" })).Value!;
        Assert.Equal(200, (int)seen["status"]!);
        Assert.Equal("A", (string)seen["headers"]!["x-shop"]!);
        Assert.Equal("we sell it", (string)seen["body"]!);
        Assert.InRange((double)seen["duration"]!, 0, 60);
    }

    [Fact]
    public async Task Http_tells_a_status_of_failure_as_a_value_and_what_it_missed_in_the_body_as_an_error()
    {
        _shop.Answer = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
        _shop.Start();
        var seen = await AskAsync("http", new() { ["url"] = $"http://127.0.0.1:{_shop.Port}/", ["contains"] = "sell" });
        Assert.Equal(503, (int)seen.Value!["status"]!);
        Assert.Contains("does not hold 'sell'", seen.Error);
    }

    [Fact]
    public async Task Http_without_anybody_or_without_an_answer_sees_nothing_and_says_why()
    {
        var refused = await AskAsync("http", new() { ["url"] = $"http://127.0.0.1:{_shop.Port}/", ["timeout"] = "1m" });
        Assert.Null(refused.Value);
        Assert.Contains("can't be asked", refused.Error);

        _shop.Answer = null;
        _shop.Start();
        Assert.Contains("did not answer within 0.2 s", (await AskAsync("http", new() { ["url"] = $"http://127.0.0.1:{_shop.Port}/", ["timeout"] = "200ms" })).Error);
    }

    [Fact]
    public async Task Tcp_tells_whether_somebody_answers()
    {
        var arguments = new JsonObject { ["host"] = "127.0.0.1", ["port"] = _shop.Port };
        Assert.False((bool)(await AskAsync("tcp", arguments)).Value!);
        _shop.Start();
        Assert.True((bool)(await AskAsync("tcp", arguments)).Value!);
    }

    [Fact]
    public async Task A_server_that_goes_away_and_comes_back_is_told_of_to_one_interval()
    {
        _shop.Start();
        var timeline = new TakenTimeline(new RunClock(TimeProvider.System));
        var probe = _factory.Create(new Provider.Probe("http", new() { ["url"] = $"http://127.0.0.1:{_shop.Port}/", ["timeout"] = "5m" }));
        using var stop = new CancellationTokenSource();
        var answers = new System.Collections.Concurrent.ConcurrentQueue<ProbeVerdict>();
        var continuous = new ContinuousProbe(new ProbeWatch("e1", "shop", Interval, Patience), probe, v => ((int?)v.Value?["status"] == 200, v.Error ?? "not 200"), timeline, TimeProvider.System) { Answered = answers.Enqueue };
        var run = continuous.RunAsync(stop.Token);

        await UntilAsync(() => answers.Count > 3);
        Assert.IsType<TimelineEvent.ProbeHeld>(Assert.Single(timeline.Told));
        _shop.Stop();
        var gone = timeline.Clock.Now;
        await UntilAsync(() => Failed() is not null);
        await UntilAsync(() => timeline.Clock.Now > gone + (5 * Interval));
        _shop.Start();
        var back = timeline.Clock.Now;
        await UntilAsync(() => Held() is not null);
        await stop.CancelAsync();
        await run;

        var (failed, held) = (Failed()!.At, Held()!.At);
        // Compared with the questions themselves and not with the wall: a busy machine asks late. What was asked before and answered after may tell of it, too.
        var asked = answers.Select(a => a.At).ToList();
        Assert.DoesNotContain(asked, a => a > gone && a < failed);
        Assert.DoesNotContain(asked, a => a > back && a < held);
        Assert.Contains("can't be asked", Failed()!.Why);
        TestContext.Current.TestOutputHelper?.WriteLine($"down {(back - gone).TotalMilliseconds:0} ms, told {(held - failed).TotalMilliseconds:0} ms, interval {Interval.TotalMilliseconds} ms");

        TimelineEvent.ProbeFailed? Failed() => timeline.Told.OfType<TimelineEvent.ProbeFailed>().FirstOrDefault();
        TimelineEvent.ProbeHeld? Held() => timeline.Told.OfType<TimelineEvent.ProbeHeld>().Skip(1).FirstOrDefault();
    }

    private Task<ProbeValue> AskAsync(string kind, JsonObject arguments) => _factory.Create(new Provider.Probe(kind, arguments)).AskAsync(TestContext.Current.CancellationToken);

    private static async Task UntilAsync(Func<bool> so)
    {
        for (var attempt = 0; !so(); attempt++)
        {
            Assert.True(attempt < 6000, "It did not become so within a minute.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
