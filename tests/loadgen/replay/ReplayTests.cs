using Pressure.LoadGen.Tests.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>Captured requests go out when they are due, in their clients' order, each client over a connection of its own.</summary>
public abstract class ReplayTests(bool tls)
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Every_client_sends_its_requests_in_order_over_a_connection_that_no_other_client_uses(int lanes)
    {
        await using var server = Serving();
        // 20 clients whose requests lie in between each other.
        var replay = new MemoryReplay([.. from i in Enumerable.Range(0, 10) from c in Enumerable.Range(0, 20) select MemoryRequest.Get(c, (i * 20) + c, $"/{c}/{i}", last: i == 9)]);

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url), replay, lanes);

        Assert.Equal(lanes, replay.Lanes);
        Assert.Equal(200, run.Only.Ok);
        var expected = Enumerable.Range(0, 20).Select(c => string.Join(' ', Enumerable.Range(0, 10).Select(i => $"/{c}/{i}")));
        Assert.Equal(expected.Order(), server.Sessions.Select(s => string.Join(' ', s)).Order());
        await Eventually.Holds(() => server.Closed == 20);
    }

    [Fact]
    public async Task Requests_are_counted_by_their_endpoints_and_in_the_seconds_in_which_they_were_due()
    {
        await using var server = Serving();
        var replay = new MemoryReplay(MemoryRequest.Get(1, 100, "/a"), MemoryRequest.Get(1, 200, "/b", endpoint: 1), MemoryRequest.Get(2, 1500, "/b", endpoint: 1));

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url, endpoints: 2), replay);

        Assert.Equal([1L, 2], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal([2L, 1], run.Seconds.Take(2).Select(s => s.Interval.Requests.Sum(r => r.Asked)));
    }

    [Fact]
    public async Task The_load_is_over_when_nothing_is_left_however_long_the_plan_is()
    {
        await using var server = Serving();
        var plan = ReplayRun.Plan(server.Url, seconds: 3600);

        var run = await ReplayRun.Of(plan, new MemoryReplay(MemoryRequest.Get(1, 10, "/")));

        Assert.Equal(1, run.Only.Ok);
        Assert.InRange(run.Took.TotalSeconds, 0, 60);
    }

    [Fact]
    public async Task What_is_due_after_the_plans_end_is_not_taken()
    {
        await using var server = Serving();
        var replay = new MemoryReplay(MemoryRequest.Get(1, 10, "/"), MemoryRequest.Get(1, 1001, "/"), MemoryRequest.Get(2, 5000, "/"));

        await ReplayRun.Of(ReplayRun.Plan(server.Url, seconds: 1), replay);

        Assert.Equal(1, replay.Taken);
    }

    [Fact]
    public async Task A_request_that_falls_due_while_its_clients_earlier_one_is_under_way_waits_and_its_time_counts()
    {
        await using var server = Serving(delay: 0.2);
        var requests = Enumerable.Range(0, 4).Select(i => MemoryRequest.Get(7, i, $"/{i}")).ToList();

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url), new MemoryReplay(requests));

        Assert.Equal([false, true, true, true], requests.Select(r => r.Answer!.WasHeld));
        Assert.Single(server.Sessions);
        // The last one waited for three others, 200 ms each; the generator was not late for that.
        Assert.InRange(run.Only.ResponseTime.Max.TotalSeconds, 0.79, 60);
        Assert.InRange(run.Only.ServiceTime.Min.TotalSeconds, 0.19, 60);
        Assert.Equal(1, run.Total.Lateness.Count);
        Assert.InRange(run.Only.Late, 3, 4);
    }

    [Fact]
    public async Task A_request_is_written_when_its_clients_earlier_answers_are_known()
    {
        await using var server = Serving();
        MemoryRequest? first = null;
        first = MemoryRequest.Get(1, 0, "/first");
        var second = MemoryRequest.Get(1, 0, () => $"/{first.Answer!.Status}", last: true);

        await ReplayRun.Of(ReplayRun.Plan(server.Url), new MemoryReplay(first, second));

        Assert.Equal(["/first", "/200"], Assert.Single(server.Sessions));
    }

    [Fact]
    public async Task A_client_whose_connection_the_target_closes_gets_a_new_one()
    {
        await using var server = Serving(_ => "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        var replay = new MemoryReplay([.. Enumerable.Range(0, 6).Select(i => MemoryRequest.Get(i % 2, i * 10, $"/{i}"))]);

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url), replay);

        Assert.Equal(6, run.Only.Ok);
        Assert.Equal(6, server.Sessions.Count);
    }

    [Fact]
    public async Task A_connection_that_the_target_closed_in_silence_is_replaced()
    {
        var served = 0;
        await using var server = new RawServer(
            async c =>
            {
                Interlocked.Increment(ref served);
                await c.ReadRequestAsync();
                await c.WriteAsync(RawServer.Ok);
                await c.EndAsync();
            },
            tls: tls);
        var replay = new MemoryReplay(MemoryRequest.Get(1, 0, "/"), MemoryRequest.Get(1, 200, "/"), MemoryRequest.Get(1, 400, "/", last: true));

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url), replay);

        Assert.Equal(3, run.Only.Ok);
        Assert.Equal(3, served);
    }

    [Fact]
    public async Task When_places_run_out_clients_who_rest_make_room_and_are_told_of()
    {
        await using var server = Serving();
        var replay = new MemoryReplay([.. from i in Enumerable.Range(0, 5) from c in Enumerable.Range(0, 8) select MemoryRequest.Get(c, ((i * 8) + c) * 5, $"/{c}/{i}")]);
        var plan = ReplayRun.Plan(server.Url);

        var run = await ReplayRun.Of(plan with { Http = plan.Http with { MaxConnections = 4 } }, replay, lanes: 2);

        Assert.Equal(40, run.Only.Ok);
        // Four places, eight clients in turn: whoever comes again has lost its connection meanwhile, unless its last request was still under way.
        Assert.InRange(replay.RoomMade.Count, 4, 36);
        Assert.Equal(replay.RoomMade.Count + 4, server.Sessions.Count);
        Assert.All(server.Sessions, s => Assert.Single(s.Select(path => path.Split('/')[1]).Distinct()));
    }

    [Fact]
    public async Task A_farewell_closes_the_connection_after_the_requests_before_it()
    {
        await using var server = Serving(delay: 0.1);
        var (busy, idle, unknown) = (MemoryRequest.Farewell(1, 20), MemoryRequest.Farewell(2, 500), MemoryRequest.Farewell(3, 20));
        var replay = new MemoryReplay(
            MemoryRequest.Get(1, 0, "/"), MemoryRequest.Get(1, 1, "/"), MemoryRequest.Get(2, 2, "/"), busy, unknown, idle,
            MemoryRequest.Get(4, 1500, "/4"), MemoryRequest.Get(5, 1500, "/5"), MemoryRequest.Get(6, 1500, "/6"))
        {
            // The last clients come once the connections before them are closed; else never.
            Knows = r => r.Client < 4 || server.Closed == 2,
        };

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url), replay);

        Assert.Equal(6, run.Only.Ok);
        Assert.Equal(0, run.Only.NotSent);
        Assert.Equal(["/4", "/5", "/6"], server.Sessions.Skip(2).Select(s => Assert.Single(s)).Order());
        Assert.Equal([busy, unknown, idle], replay.Dropped.OfType<MemoryRequest>().OrderBy(r => r.Due).ThenBy(r => r.Client));
    }

    [Fact]
    public async Task A_captured_status_is_no_failure_and_redirects_are_answers()
    {
        await using var server = Serving(path => path switch
        {
            "/moved" => "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
            _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        });
        var replay = new MemoryReplay(Expecting("/gone", 404), Expecting("/here", 200), Expecting("/moved", 302), MemoryRequest.Get(1, 0, "/unknown"));

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url), replay);

        Assert.Equal([RequestError.None, RequestError.CheckFailed, RequestError.None, RequestError.CheckFailed], replay.Requests.Select(r => r.Answer!.Error));
        Assert.Equal([404, 404, 302, 404], replay.Requests.Select(r => r.Answer!.Status));
        Assert.Equal(4, server.Sessions.Sum(s => s.Count));
        Assert.Equal(2, run.Only.Failed);

        static MemoryRequest Expecting(string path, int status) => new() { Client = 1, Text = _ => $"GET {path} HTTP/1.1\r\n\r\n", Expects = status };
    }

    [Fact]
    public async Task A_silent_source_is_asked_again()
    {
        await using var server = Serving();
        var clock = new RunClock(TimeProvider.System);
        // Known 300 ms after it was due.
        var request = MemoryRequest.Get(1, 100, "/");

        var run = await ReplayRun.Of(
            ReplayRun.Plan(server.Url), new MemoryReplay(request) { Now = () => clock.Now, SilentUntil = () => TimeSpan.FromMilliseconds(400) }, clock: clock);

        Assert.Equal(1, run.Only.Ok);
        Assert.InRange(request.Answer!.SentAt.TotalMilliseconds, 400, 60_000);
        Assert.InRange(run.Total.Lateness.Max.TotalMilliseconds, 299, 60_000);
    }

    [Fact]
    public async Task Whoever_comes_later_than_the_request_timeout_is_not_sent()
    {
        await using var server = Serving(delay: 1.2);
        var replay = new MemoryReplay([.. Enumerable.Range(0, 6).Select(i => MemoryRequest.Get(1, i, $"/{i}"))]);
        var plan = ReplayRun.Plan(server.Url);

        var run = await ReplayRun.Of(plan with { Http = plan.Http with { Timeout = TimeSpan.FromSeconds(2) } }, replay);

        // The third one's turn comes 2.4 s late; that of the second one on a very busy machine.
        Assert.InRange(run.Only.Sent, 1, 2);
        Assert.Equal(6, run.Only.Asked);
        Assert.Equal(replay.Requests.Skip((int)run.Only.Sent), replay.Dropped);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 5)]
    public async Task Large_requests_that_wait_do_not_fill_the_memory(bool atOnce, int sent)
    {
        await using var server = Serving(delay: 0.2);
        // Of 40 MiB each one may wait, a second one would be more than all that wait may hold.
        var replay = new MemoryReplay([.. Enumerable.Range(0, 5).Select(_ => new MemoryRequest { Client = 1, Bytes = 40 << 20, Text = _ => "GET / HTTP/1.1\r\n\r\n" })]) { AtOnce = atOnce };

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url, order: atOnce ? ReplayRun.AtOnce(4) : null), replay, lanes: 1);

        Assert.Equal((sent, 5 - sent), (run.Only.Ok, run.Only.NotSent));
    }

    [Fact]
    public async Task A_dead_target_fails_every_request_and_none_is_lost()
    {
        using var gone = new HeldPort();
        var replay = new MemoryReplay([.. Enumerable.Range(0, 30).Select(i => MemoryRequest.Get(i % 7, i, "/"))]);

        var run = await ReplayRun.Of(ReplayRun.Plan(new($"{(tls ? "https" : "http")}://127.0.0.1:{gone.Number}/")), replay);

        Assert.Equal(30, run.Only.ErrorCount(RequestError.ConnectRefused));
        Assert.All(replay.Requests, r => Assert.Equal(RequestError.ConnectRefused, r.Answer!.Error));
    }

    private SessionServer Serving(Func<string, string>? answer = null, double delay = 0) => new(answer, tls, delay);
}

public sealed class PlainReplayTests() : ReplayTests(tls: false);

public sealed class TlsReplayTests() : ReplayTests(tls: true);
