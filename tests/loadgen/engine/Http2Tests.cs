using System.Diagnostics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>HTTP/2 against Kestrel. Conservation is asserted for every run in <see cref="EngineRun"/>.</summary>
public class Http2Tests
{
    private static readonly HttpOptions Http2 = new() { Version = new(2, 0), Insecure = true, Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task The_server_sees_http_2_and_exactly_the_requests_that_were_sent()
    {
        await using var server = await KestrelServer.StartAsync();

        var run = await EngineRun.Of(EngineRun.Plan(200, 2, EngineRun.Get(server.Url)) with { Http = Http2 });

        Assert.Equal([200, 200], run.Seconds.Take(2).Select(s => s.Interval.Requests[0].Asked));
        Assert.Equal((400, 400), (run.Only.Sent, run.Only.Ok));
        Assert.Equal((400, 400), (server.Requests, server.Http2Requests));
        Assert.Equal(400, run.Only.StatusCount(200));
    }

    [Fact]
    public async Task Requests_share_connections()
    {
        await using var server = await KestrelServer.StartAsync(async context =>
        {
            await Task.Delay(100, context.RequestAborted);
            await context.Response.WriteAsync("ok");
        });

        var run = await EngineRun.Of(EngineRun.Plan(200, 2, EngineRun.Get(server.Url)) with { Http = Http2 with { MaxConnections = 1 } });

        Assert.Equal((400, 1), (run.Only.Ok, server.Connections));
    }

    [Fact]
    public async Task A_body_is_posted_whole()
    {
        var lengths = 0L;
        await using var server = await KestrelServer.StartAsync(async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            Interlocked.Add(ref lengths, body.Length);
        });
        var post = EngineRun.Get(server.Url) with { Method = "POST", Body = new byte[300_000] };

        var run = await EngineRun.Of(EngineRun.Plan(10, 1, post) with { Http = Http2 });

        Assert.Equal((10, 3_000_000), (run.Only.Ok, lengths));
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_tls_failed()
    {
        await using var server = await KestrelServer.StartAsync();

        await AssertAllFailWith(RequestError.TlsFailed, server.Url, Http2 with { Insecure = false });

        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task A_server_without_http_2_is_tls_failed_rather_than_asked_in_another_version()
    {
        await using var server = await KestrelServer.StartAsync(protocols: HttpProtocols.Http1);

        await AssertAllFailWith(RequestError.TlsFailed, server.Url, Http2);

        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task A_stream_that_is_reset_without_an_answer_is_closed_before_response()
    {
        await using var server = await KestrelServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        await AssertAllFailWith(RequestError.ClosedBeforeResponse, server.Url, Http2);
    }

    [Fact]
    public async Task A_stream_that_is_reset_in_the_middle_is_truncated()
    {
        await using var server = await KestrelServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("begun");
            await context.Response.Body.FlushAsync();
            await Task.Delay(50);
            context.Abort();
        });

        await AssertAllFailWith(RequestError.ResponseTruncated, server.Url, Http2);
    }

    [Fact]
    public async Task A_stream_without_an_answer_is_response_timeout()
    {
        await using var server = await KestrelServer.StartAsync(context => Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted));

        var get = EngineRun.Get(server.Url) with { Timeout = TimeSpan.FromSeconds(1) };
        var run = await EngineRun.Of(EngineRun.ThenSilence(EngineRun.Plan(20, 1, get) with { Http = Http2 }, 4));

        Assert.Equal([(RequestError.ResponseTimeout, 20L)], run.Only.Errors());
    }

    [Fact]
    public async Task A_connection_that_is_going_away_finishes_its_streams_and_the_next_request_opens_another()
    {
        var served = 0;
        await using var server = await KestrelServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref served) % 50 == 0)
                context.Features.Get<IConnectionLifetimeNotificationFeature>()!.RequestClose();
            await Task.Delay(20, context.RequestAborted);
            await context.Response.WriteAsync("ok");
        });

        var run = await EngineRun.Of(EngineRun.Plan(200, 2, EngineRun.Get(server.Url)) with { Http = Http2 });

        Assert.Equal((400, 400), (run.Only.Ok, server.Requests));
        Assert.InRange(server.Connections, 4, 40);
    }

    [Fact]
    public async Task A_server_that_dies_and_comes_back_is_pressed_all_the_while()
    {
        using var port = new HeldPort();
        using var stop = new CancellationTokenSource();
        var refused = 0L;
        var first = await KestrelServer.StartAsync(port: port.Number);
        var running = EngineRun.Of(EngineRun.Plan(100, 300, EngineRun.Get(first.Url)) with { Http = Http2 }, stop: stop, onSecond: s => Interlocked.Add(ref refused, s.Interval.Requests[0].ErrorCount(RequestError.ConnectRefused)));
        await Eventually.Holds(() => first.Http2Requests >= 50);
        await first.DisposeAsync();
        await Eventually.Holds(() => Interlocked.Read(ref refused) >= 20);
        await using var second = await KestrelServer.StartAsync(port: port.Number);
        await Eventually.Holds(() => second.Http2Requests >= 200);
        await stop.CancelAsync();

        var run = await running;

        // Nothing is asked for in the second of the stop but what was due until then.
        Assert.NotEmpty(run.Seconds.SkipLast(2));
        Assert.All(run.Seconds.SkipLast(2), s => Assert.Equal(100, s.Interval.Requests[0].Asked));
        Assert.True(run.Only.Ok >= 150, $"{run.Only.Ok} answers");
    }

    [Fact]
    public async Task A_stop_returns_within_two_seconds()
    {
        await using var server = await KestrelServer.StartAsync(context => Task.Delay(TimeSpan.FromSeconds(120), context.RequestAborted));
        using var stop = new CancellationTokenSource();

        var began = Stopwatch.StartNew();
        var running = EngineRun.Of(EngineRun.Plan(100, 120, EngineRun.Get(server.Url)) with { Http = Http2 with { Timeout = TimeSpan.FromSeconds(120) } }, stop: stop);
        await Eventually.Holds(() => server.Requests >= 50);
        var stopped = began.Elapsed;
        await stop.CancelAsync();
        var run = await running;

        // Two on an idle machine; a busy one takes its time to get to it.
        Assert.InRange((run.Took - stopped).TotalSeconds, -30, 20);
        Assert.True(run.Only.ErrorCount(RequestError.Stopped) > 0);
    }

    private static async Task AssertAllFailWith(RequestError error, Uri url, HttpOptions options)
    {
        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(url)) with { Http = options });

        Assert.Equal([(error, 20L)], run.Only.Errors());
    }
}
