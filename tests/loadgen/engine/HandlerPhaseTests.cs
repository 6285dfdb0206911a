using Pressure.LoadGen.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

public class HandlerPhaseTests
{
    [Fact]
    public async Task Over_the_handler_waiting_receiving_and_the_opening_of_connections_are_told_apart()
    {
        await using var server = new RawServer(
            async c =>
            {
                while (await c.ReadRequestAsync() is not null)
                {
                    await c.DelayAsync(0.3);
                    // More than the kernel keeps: when it is written the body is being read, and the pause is all in the receiving.
                    await c.WriteAsync($"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {16 << 20}\r\n\r\n");
                    await c.WriteAsync(new byte[(16 << 20) - 1]);
                    await c.DelayAsync(0.2);
                    await c.WriteAsync("k");
                }
            },
            tls: true);
        var plan = EngineRun.Plan(4, 1, EngineRun.Get(server.Url));

        var request = (await EngineRun.Of(plan, overHandler: true)).Only;

        Assert.Equal(4, request.Ok);
        Assert.Equal(4, request.Phases[RequestPhase.Connecting]!.Count);
        Assert.Equal(4, request.Phases[RequestPhase.Handshaking]!.Count);
        Assert.Equal(4, request.Phases[RequestPhase.Waiting]!.Count);
        Assert.True(request.Phases[RequestPhase.Waiting]!.Min >= TimeSpan.FromSeconds(0.28));
        Assert.True(request.Phases[RequestPhase.Receiving]!.Min >= TimeSpan.FromSeconds(0.19));
        Assert.Null(request.Phases[RequestPhase.Sending]);
    }

    [Fact]
    public async Task Over_the_handler_requests_beyond_the_connections_are_blocked_and_late()
    {
        await using var server = new RawServer(
            async c =>
            {
                while (await c.ReadRequestAsync() is not null)
                {
                    await c.DelayAsync(0.3);
                    await c.WriteAsync(RawServer.Ok);
                }
            },
            tls: true);
        var plan = EngineRun.Plan(9, 6 / 9.0, EngineRun.Get(server.Url)) with { Http = EngineRun.Insecure with { MaxConnections = 1 } };

        var request = (await EngineRun.Of(plan, overHandler: true)).Only;

        Assert.Equal(6, request.Ok);
        Assert.InRange(request.Late, 4, 6);
        Assert.True(request.Phases[RequestPhase.Blocked]!.Max >= TimeSpan.FromSeconds(0.28));
    }

    [Fact]
    public void A_connection_that_another_request_used_counts_for_nobody()
    {
        var time = new FakeTime();
        var phases = new HandlerPhases(new RunClock(time));
        phases.Sent();
        phases.Resolving();
        phases.Connecting();
        time.Advance(TimeSpan.FromMilliseconds(10));
        // Answered over a connection that had become free meanwhile.
        phases.Heard();
        time.Advance(TimeSpan.FromMilliseconds(5));
        phases.Connected();

        var times = new PhaseTimes();
        phases.End(TimeSpan.FromMilliseconds(15)).Record(times);

        Assert.Null(times[RequestPhase.Connecting]);
        Assert.Equal(10, times[RequestPhase.Waiting]!.Max.TotalMilliseconds, 0.1);
        Assert.Equal(5, times[RequestPhase.Receiving]!.Max.TotalMilliseconds, 0.1);
    }

    [Fact]
    public void A_lookup_that_fails_is_resolving_and_nothing_else()
    {
        var time = new FakeTime();
        var phases = new HandlerPhases(new RunClock(time));
        phases.Sent();
        phases.Resolving();
        time.Advance(TimeSpan.FromMilliseconds(20));

        var times = new PhaseTimes();
        phases.End(TimeSpan.FromMilliseconds(20)).Record(times);

        Assert.Equal([RequestPhase.Resolving], Enum.GetValues<RequestPhase>().Where(p => times[p] is not null));
    }
}
