using System.Diagnostics;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

public class HandlerLaneTests
{
    private static readonly HttpOptions AnyCertificate = new() { Insecure = true };

    [Fact]
    public async Task Https_keeps_the_schedule_and_the_accounts()
    {
        await using var server = new TlsPeer();

        var run = await EngineRun.Of(EngineRun.Plan(100, 2, EngineRun.Get(server.Url)) with { Http = AnyCertificate }, overHandler: true);

        Assert.Equal([100, 100], run.Seconds.Take(2).Select(s => s.Interval.Requests[0].Asked));
        Assert.Equal(200, run.Only.Ok);
        Assert.Equal(200, server.Requests);
        Assert.Equal(200, run.Only.StatusCount(200));
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_tls_failed()
    {
        await using var server = new TlsPeer();

        var run = await EngineRun.Of(EngineRun.Plan(10, 1, EngineRun.Get(server.Url)) with { Http = new HttpOptions() }, overHandler: true);

        Assert.Equal([(RequestError.TlsFailed, 10L)], run.Only.Errors());
    }

    [Fact]
    public async Task A_peer_that_does_not_speak_tls_is_tls_failed()
    {
        await using var server = new RawServer(c => c.WriteAsync(RawServer.Ok));

        await AssertOverHandler(RequestError.TlsFailed, new Uri($"https://127.0.0.1:{server.Port}/"));
    }

    [Fact]
    public async Task Errors_over_the_handler_have_the_same_names()
    {
        using var gone = new HeldPort();
        await AssertOverHandler(RequestError.ConnectRefused, new Uri($"http://127.0.0.1:{gone.Number}/"));
        await AssertOverHandler(RequestError.DnsFailed, new Uri("http://nonexistent.invalid/"));
        await AssertOverHandler(RequestError.ClosedBeforeResponse, async c => await c.ReadRequestAsync());
        await AssertOverHandler(RequestError.MalformedResponse, c => c.WriteAsync("SSH-2.0-OpenSSH_9.2p1\r\n\r\n"));
        await AssertOverHandler(RequestError.ResponseTimeout, c => c.DelayAsync(30), TimeSpan.FromSeconds(1));
        await AssertOverHandler(RequestError.ResponseTruncated, async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok");
        });
        await AssertOverHandler(RequestError.HeadersTooLarge, async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync($"HTTP/1.1 200 OK\r\nX: {new string('x', 100_000)}\r\n\r\n");
        });
        await AssertOverHandler(RequestError.CheckFailed, async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        });
    }

    [Fact]
    public async Task Nothing_is_sent_before_its_pause_is_over()
    {
        await using var server = RawServer.Answering(tls: true);
        var request = EngineRun.Get(server.Url);

        var run = await EngineRun.Of(EngineRun.Plan(200, 1, request, new Step.Think(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(9)), request with { Name = "after" }), overHandler: true);

        var after = run.Total.Requests[1];
        Assert.Equal(100, after.Ok);
        // From the intended start it takes at least as long as from the actual one.
        Assert.All(Enumerable.Range(0, 101), p => Assert.True(after.ResponseTime.Percentile(p) >= after.ServiceTime.Percentile(p), $"p{p}"));
    }

    [Fact]
    public async Task A_stop_over_the_handler_returns_within_two_seconds()
    {
        await using var server = new RawServer(c => c.DelayAsync(300));
        using var stop = new CancellationTokenSource();
        var request = EngineRun.Get(new Uri($"https://127.0.0.1:{server.Port}/"));
        var plan = EngineRun.Plan(100, 120, request, new Step.Think(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)), request) with
        {
            Http = new HttpOptions { MaxConnections = 5, ConnectTimeout = TimeSpan.FromSeconds(120), Timeout = TimeSpan.FromSeconds(120) },
        };

        var began = Stopwatch.StartNew();
        var running = EngineRun.Of(plan, stop: stop, overHandler: true);
        await Eventually.Holds(() => server.Connections == 5 && began.Elapsed.TotalSeconds > 1);
        var stopped = began.Elapsed;
        await stop.CancelAsync();
        var run = await running;

        // Two on an idle machine; a busy one takes its time to get to it.
        Assert.InRange((run.Took - stopped).TotalSeconds, -30, 20);
        Assert.Equal(5, run.Total.Requests[0].ErrorCount(RequestError.Stopped));
        Assert.True(run.Total.IterationsDropped > 10);
    }

    private static async Task AssertOverHandler(RequestError error, Func<RawConnection, Task> serve, TimeSpan? timeout = null)
    {
        await using var server = new RawServer(serve);
        await AssertOverHandler(error, server.Url, timeout);
    }

    // Asking for one https request sends the whole plan over the handler.
    private static async Task AssertOverHandler(RequestError error, Uri url, TimeSpan? timeout = null)
    {
        using var gone = new HeldPort();
        var plan = EngineRun.Plan(10, 1, EngineRun.Get(url) with { Timeout = timeout }, EngineRun.Get(new Uri($"https://127.0.0.1:{gone.Number}/"), "https"));

        var run = await EngineRun.Of(plan with { Http = new HttpOptions { ConnectTimeout = TimeSpan.FromSeconds(20), Timeout = TimeSpan.FromSeconds(20) } }, overHandler: true);

        Assert.Equal([(error, 5L)], run.Total.Requests[0].Errors());
        Assert.Equal([(RequestError.ConnectRefused, 5L)], run.Total.Requests[1].Errors());
    }
}
