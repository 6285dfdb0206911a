using System.Diagnostics;
using System.Net.WebSockets;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

public sealed class WebSocketTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_iteration_connects_talks_and_closes(bool tls)
    {
        await using var server = await WebSocketServer.StartAsync(tls);

        var run = await SocketRun.Of(server.Url, " rate: 40/s, duration: 1s ", "{ ws: /echo }, { send: 'hello {{iteration}}' }, { expect: { contains: 'hello {{iteration}}' } }, { close: }");

        Assert.Equal([20, 20], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal(20, run.Total.Requests[0].StatusCount(101));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"hello {i}").Order(), server.Texts.Order());
        Assert.Equal(20, run.Total.IterationsEnded);
        Assert.All(run.Total.Requests, r => Assert.True(r.BytesSent > 0 && r.BytesReceived > 0));
        await Eventually.Holds(() => server.Closes.Count == 20);
        Assert.All(server.Closes, c => Assert.Equal(WebSocketCloseStatus.NormalClosure, c));
    }

    [Fact]
    public async Task A_connection_that_no_step_closes_is_closed_with_its_iteration()
    {
        await using var server = await WebSocketServer.StartAsync();

        await SocketRun.Of(server.Url, " rate: 10/s, duration: 1s ", "{ ws: /echo }");

        await Eventually.Holds(() => server.Closes.Count == 10);
        Assert.All(server.Closes, c => Assert.Equal(WebSocketCloseStatus.NormalClosure, c));
        Assert.Equal(0, server.Open);
    }

    [Fact]
    public async Task The_handshake_carries_headers_cookies_and_marks_and_its_answer_gives_values()
    {
        await using var server = await WebSocketServer.StartAsync();

        var run = await SocketRun.Of(
            server.Url,
            " rate: 4/s, duration: 1s ",
            """
            { ws: '/echo?a={{iteration}}', headers: { X-Mine: 'me {{iteration}}' }, auth: { bearer: token }, subprotocol: [ v2, v1 ], extract: { room: { header: X-Room }, seat: { cookie: seat } } },
            { send: { json: { room: '{{room}}', seat: '{{number:seat}}' } } }, { expect: { json: { $.room: blue, $.seat: 17 } } },
            { close: }, { ws: /echo, name: again }
            """,
            ", cookies: true");

        Assert.Equal(run.Total.Requests.Sum(r => r.Asked), run.Total.Requests.Sum(r => r.Ok));
        var first = Assert.Single(server.Handshakes, h => h["X-Mine"] == "me 0");
        Assert.Equal(("Bearer token", "v2, v1", "run-1"), (first.Authorization.ToString(), first["Sec-WebSocket-Protocol"].ToString(), first["X-Pressure-Run"].ToString()));
        Assert.Contains(server.Handshakes, h => h.Cookie == "seat=17");
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", first.TraceParent.ToString());
    }

    [Fact]
    public async Task What_the_server_pushes_is_expected_without_sending_and_gives_values()
    {
        await using var server = await WebSocketServer.StartAsync();

        var run = await SocketRun.Of(
            server.Url,
            " rate: 8/s, duration: 1s ",
            "{ ws: /push }, { expect: { json: { $.price: 3 } }, extract: { price: { json: $.price } } }, { expect: { matches: 'price.:[5-9]' } }, { get: '/bought/{{price}}' }");

        Assert.All(run.Total.Requests, r => Assert.Equal(r.Asked, r.Ok));
        Assert.Equal(8, run.Total.Requests.Sum(r => r.Ok));
    }

    [Fact]
    public async Task A_thousand_connections_are_held_at_once()
    {
        await using var server = await WebSocketServer.StartAsync();
        using var stop = new CancellationTokenSource();
        var plan = SocketRun.Plan(server.Url, " users: 1000, duration: 5m ", "{ ws: /echo }, { expect: { contains: never, within: 5m } }", ", maxConnections: 1000", timeout: "60s");

        var running = EngineRun.Of(plan, stop: stop);
        await Eventually.Holds(() => server.Open == 1000);
        await Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None);
        Assert.Equal(1000, server.Open);
        await stop.CancelAsync();
        var run = await running;

        Assert.Equal(1000, run.Total.Requests[0].Ok);
        Assert.Equal([(RequestError.Stopped, 1000L)], run.Total.Requests[1].Errors());
        Assert.Contains(run.Seconds, s => s.Interval.OpenConnections == 1000);
        await Eventually.Holds(() => server.Open == 0);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_wait_for_one_to_close()
    {
        await using var server = await WebSocketServer.StartAsync();

        var run = await SocketRun.Of(server.Url, " rate: 40/s, duration: 1s ", "{ ws: /echo }, { think: 20ms }", ", maxConnections: 3");

        Assert.InRange(server.MostOpen, 1, 3);
        Assert.Equal(40, run.Only.Ok);
    }

    [Fact]
    public async Task Pings_are_answered_while_the_iteration_pauses()
    {
        // The server pings every 50 ms; it closes who does not answer only after long, so the pongs themselves are looked for.
        var pongs = 0;
        await using var server = new RawServer(async c =>
        {
            await BadSocket.AcceptAsync(c);
            for (var i = 0; i < 5; i++)
            {
                await c.WriteAsync(new byte[] { 0x89, 1, (byte)i });
                if (await BadSocket.ReadFrameAsync(c) == 0x8A)
                    pongs++;
            }

            await c.WriteAsync(BadSocket.Text("done"));
            await c.DelayAsync(20);
        });

        var run = await SocketRun.Of(server.Url, " users: 1, duration: 300ms ", "{ ws: / }, { think: 1s }, { expect: { contains: done } }");

        Assert.Equal(1, run.Total.Requests[1].Ok);
        Assert.Equal(5, pongs);
    }

    [Fact]
    public async Task A_message_of_one_mebibyte_comes_whole_and_a_longer_one_is_too_large()
    {
        await using var server = await WebSocketServer.StartAsync();
        var (fits, exceeds) = (new string('x', 1024 * 1024 - 1) + "y", new string('x', 1024 * 1024 + 1));
        LoadPlan Of(string text) => SocketRun.Plan(server.Url, " rate: 6/s, duration: 1s ", $"{{ ws: /echo }}, {{ send: {text} }}, {{ expect: {{ contains: xy }} }}, {{ send: more }}");

        var small = await EngineRun.Of(Of(fits));
        var large = await EngineRun.Of(Of(exceeds));

        Assert.Equal([2, 2, 2], small.Total.Requests.Select(r => r.Ok));
        Assert.Equal([(RequestError.MessageTooLarge, 2L)], large.Total.Requests[1].Errors());
        // Its connection is gone.
        Assert.Equal(2, large.Total.Requests[2].NotSent);
    }

    [Fact]
    public async Task A_stop_closes_what_is_open_within_two_seconds()
    {
        await using var server = await WebSocketServer.StartAsync();
        using var stop = new CancellationTokenSource();
        var began = Stopwatch.StartNew();

        var running = EngineRun.Of(SocketRun.Plan(server.Url, " users: 20, duration: 120s ", "{ ws: /echo }, { expect: { contains: never, within: 2m } }", timeout: "60s"), stop: stop);
        await Eventually.Holds(() => server.Open == 20);
        // The generator has heard of it by then.
        await Task.Delay(2_000, TestContext.Current.CancellationToken);
        var stopped = began.Elapsed;
        await stop.CancelAsync();
        var run = await running;

        // Two on an idle machine; a busy one takes its time to get to it.
        Assert.InRange((run.Took - stopped).TotalSeconds, -30, 20);
        Assert.Equal(20, run.Total.Requests[1].ErrorCount(RequestError.Stopped));
        await Eventually.Holds(() => server.Open == 0);
    }

    [Fact]
    public async Task Trying_once_shows_the_handshake_and_the_message()
    {
        await using var server = await WebSocketServer.StartAsync();
        var plan = SocketRun.Plan(server.Url, " rate: 1/s ", "{ ws: /echo }, { send: hello }, { expect: { contains: hello } }, { send: ho }, { expect: { contains: hey, within: 5s } }, { close: }, { get: / }");
        var tries = new List<TriedRequest>();

        await foreach (var (_, tried) in SingleRequest.TryAllAsync(plan.Scenarios[0], plan.Http, "once", CancellationToken.None))
            tries.Add(tried);
        var alone = await SingleRequest.TryAsync(plan.Scenarios[0], plan.Requests[1], plan.Http, "once", TimeSpan.FromSeconds(30), CancellationToken.None);

        Assert.Equal([RequestError.None, RequestError.None, RequestError.ExpectationFailed, RequestError.None], tries.Select(t => t.Error));
        Assert.Equal([101, 0, 0, 200], tries.Select(t => t.Status));
        Assert.Contains(tries[0].Headers, h => h.Key == "X-Room");
        Assert.Equal(["hello", "ho"], tries.Skip(1).Take(2).Select(t => t.BodyStart));
        Assert.NotEmpty(tries[2].FailedChecks);
        Assert.Equal((RequestError.None, "hello"), (alone.Error, alone.BodyStart));
    }
}
