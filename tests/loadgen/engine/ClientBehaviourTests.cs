using System.Collections.Concurrent;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>How connections, cookies and time limits are kept, on every lane.</summary>
public abstract class ClientBehaviourTests(bool tls, bool overHandler) : OverAllLanes(tls, overHandler)
{
    [Fact]
    public async Task Without_keep_alive_every_request_has_a_connection_of_its_own()
    {
        await using var server = Answering(_ => Ok());

        var run = await RunAsync(Steps(server, 3) with { Http = EngineRun.Insecure with { KeepAlive = false } });

        Assert.Equal((12, 12), (run.Total.Requests.Sum(r => r.Ok), server.Connections));
    }

    [Fact]
    public async Task Kept_within_an_iteration_each_one_begins_with_a_new_connection()
    {
        await using var server = Answering(_ => Ok());

        var run = await RunAsync(Steps(server, 3) with { Http = EngineRun.Insecure with { KeepAliveInIteration = true } });

        Assert.Equal((12, 4), (run.Total.Requests.Sum(r => r.Ok), server.Connections));
        Assert.Equal(0, run.Seconds[^1].Interval.OpenConnections);
    }

    [Fact]
    public async Task A_connection_without_a_request_for_too_long_is_closed()
    {
        await using var server = Answering(_ => Ok());
        var request = EngineRun.Get(server.Url);
        var plan = EngineRun.Plan(10, 0.2, request, new Step.Think(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1.5)), request with { Name = "later" });

        await RunAsync(plan with { Http = EngineRun.Insecure with { KeepAliveIdle = TimeSpan.FromSeconds(0.3), MaxConnections = 1 } });
        Assert.Equal(2, server.Connections);

        await RunAsync(plan with { Http = EngineRun.Insecure with { MaxConnections = 1 } });
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task Connections_never_exceed_their_limit()
    {
        await using var server = Serving(async c =>
        {
            while (await c.ReadRequestAsync() is not null)
            {
                await c.DelayAsync(0.02);
                await c.WriteAsync(Ok());
            }
        });

        var run = await RunAsync(EngineRun.Plan(200, 0.3, EngineRun.Get(server.Url)) with { Http = EngineRun.Insecure with { MaxConnections = 3 } });

        Assert.Equal((60, 3), (run.Only.Ok, server.Connections));
    }

    [Fact]
    public async Task Each_request_has_its_own_time_limit()
    {
        await using var server = Serving(async c =>
        {
            while (await c.ReadRequestAsync() is { } head)
            {
                if (!head.StartsWith("GET /first", StringComparison.Ordinal))
                    await c.DelayAsync(head.StartsWith("GET /slow", StringComparison.Ordinal) ? 3 : 60);
                await c.WriteAsync(Ok());
            }
        });
        // Opens the iteration's connection, so that no handshake counts to the limits in question.
        var first = EngineRun.Get(new(server.Url, "/first"), "first") with { Timeout = TimeSpan.FromSeconds(60) };
        var patient = EngineRun.Get(new(server.Url, "/slow"), "patient") with { Timeout = TimeSpan.FromSeconds(60) };
        var hasty = EngineRun.Get(server.Url, "hasty") with { Timeout = TimeSpan.FromSeconds(0.5) };
        var usual = EngineRun.Get(server.Url, "usual");
        Scenario[] scenarios = [new("a", 1, [first, patient]), new("b", 1, [first, hasty]), new("c", 1, [first, usual])];

        var run = await RunAsync(EngineRun.Plan(180, 0.1, scenarios) with { Http = EngineRun.Insecure with { Timeout = TimeSpan.FromSeconds(2), KeepAliveInIteration = true } });

        Assert.Equal(9, server.Connections);
        Assert.Equal((3, 3), (run.Total.Requests[0].Ok, run.Total.Requests[1].Ok));
        Assert.Equal([(RequestError.ResponseTimeout, 3L)], run.Total.Requests[3].Errors());
        Assert.Equal([(RequestError.ResponseTimeout, 3L)], run.Total.Requests[5].Errors());
        Assert.InRange(run.Total.Requests[3].ResponseTime.Min.TotalSeconds, 0.48, 60);
        Assert.InRange(run.Total.Requests[5].ResponseTime.Min.TotalSeconds, 1.95, 60);
    }

    [Fact]
    public async Task Who_waits_for_a_connection_waits_as_long_as_the_request_may()
    {
        await using var server = Serving(async c =>
        {
            await c.ReadRequestAsync();
            await c.DelayAsync(60);
        });
        var holder = EngineRun.Get(server.Url, "holder") with { Timeout = TimeSpan.FromSeconds(3) };
        var hasty = EngineRun.Get(server.Url, "hasty") with { Timeout = TimeSpan.FromSeconds(0.2) };
        var plan = EngineRun.Plan(20, 0.1, [new Scenario("a", 1, [holder]), new Scenario("b", 1, [hasty])]) with { Http = EngineRun.Insecure with { MaxConnections = 1 } };

        var run = await RunAsync(plan);

        Assert.Equal((1, 1), (run.Total.Requests[0].Sent, server.Connections));
        Assert.Equal((0, 1), (run.Total.Requests[1].Sent, run.Total.Requests[1].NotSent));
    }

    [Theory]
    [InlineData(CookieKeeping.Off)]
    [InlineData(CookieKeeping.Iteration)]
    [InlineData(CookieKeeping.User)]
    public async Task A_user_keeps_cookies_as_long_as_the_plan_says(CookieKeeping keeping)
    {
        var visitors = 0;
        var seen = new ConcurrentBag<string>();
        await using var server = Answering(head =>
        {
            var cookie = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Cookie: ", StringComparison.Ordinal))?["Cookie: ".Length..] ?? "";
            seen.Add(cookie);
            return cookie.Length > 0 ? Ok() : $"HTTP/1.1 200 OK\r\nSet-Cookie: v={Interlocked.Increment(ref visitors)}\r\nContent-Length: 2\r\n\r\nok";
        });
        var request = EngineRun.Get(server.Url);
        var plan = EngineRun.Plan(1, 1, [new Scenario("only", 1, [request, request with { Name = "second" }]) { Pacing = TimeSpan.FromSeconds(0.05) }]) with
        {
            Load = new Load.Users([new(3, 3, TimeSpan.FromSeconds(1))]),
            Http = EngineRun.Insecure with { Cookies = keeping },
        };

        var run = await RunAsync(plan);

        var iterations = (int)run.Total.IterationsEnded;
        Assert.InRange(iterations, 3, 100);
        Assert.Equal(keeping switch { CookieKeeping.User => 3, CookieKeeping.Iteration => iterations, _ => 2 * iterations }, visitors);
        Assert.Equal(2 * iterations - visitors, seen.Count(c => c.StartsWith("v=", StringComparison.Ordinal)));
    }

    // Four iterations, one after the other.
    private static LoadPlan Steps(RawServer server, int count) =>
        EngineRun.Plan(10 * count, 0.4, [.. Enumerable.Range(0, count).Select(i => EngineRun.Get(server.Url, $"step {i}"))]);
}

public sealed class PlainClientBehaviourTests() : ClientBehaviourTests(tls: false, overHandler: false)
{
    [Fact]
    public async Task A_connection_is_closed_after_so_many_requests()
    {
        await using var server = Answering(_ => Ok());

        var run = await RunAsync(EngineRun.Plan(100, 0.3, EngineRun.Get(server.Url)) with { Http = new HttpOptions { KeepAliveRequests = 7, MaxConnections = 1 } });

        Assert.Equal((30, 5), (run.Only.Ok, server.Connections));
    }

    [Fact]
    public async Task A_connection_kept_by_an_iteration_makes_room_for_one_to_another_origin()
    {
        await using var other = Answering(_ => Ok());
        await using var server = Answering(_ => Ok());
        var plan = EngineRun.Plan(60, 0.1, EngineRun.Get(server.Url), EngineRun.Get(other.Url, "b")) with { Http = new HttpOptions { KeepAliveInIteration = true, MaxConnections = 1 } };

        var run = await RunAsync(plan);

        Assert.Equal(6, run.Total.Requests.Sum(r => r.Ok));
    }
}

public sealed class TlsClientBehaviourTests() : ClientBehaviourTests(tls: true, overHandler: false);

public sealed class HandlerClientBehaviourTests() : ClientBehaviourTests(tls: true, overHandler: true);
