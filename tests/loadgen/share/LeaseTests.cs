using Pressure.LoadGen.Tests.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Share;

public sealed class LeaseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2.7);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_ends_with_the_lease_and_everything_due_before_is_in_the_accounts(bool overHandler)
    {
        await using var server = RawServer.Answering();
        var workload = Workload.Of(EngineRun.Plan(200, 30, EngineRun.Get(server.Url)));
        var clock = new RunClock(TimeProvider.System);

        var (seconds, ending) = await ShareRun.Of(new(workload, "run-1", 2) { Lease = new(Lease) }, clock, overHandler);

        var all = seconds.Total(1).Requests.Single();
        Assert.Equal(new(Lease, LeaseRanOut: true), ending);
        Assert.Equal(540, all.Asked);
        Assert.Equal([200, 200, 140], seconds.Take(3).Select(s => s.Interval.Requests.Single().Asked));
        Assert.Equal(all.Asked, all.Sent + all.NotSent);
        Assert.Equal(server.Requests, all.Sent);
    }

    [Fact]
    public async Task A_lease_that_is_renewed_lets_the_load_go_on_to_its_end()
    {
        await using var server = RawServer.Answering();
        var workload = Workload.Of(EngineRun.Plan(200, 2, EngineRun.Get(server.Url)));
        var clock = new RunClock(TimeProvider.System);
        var lease = new LoadLease(TimeSpan.FromSeconds(1));
        using var renewing = new Timer(_ => lease.Renew(TimeSpan.FromMinutes(5), clock.Now), null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));

        var (seconds, ending) = await ShareRun.Of(new(workload, "run-1", 2) { Lease = lease }, clock);

        // A machine that did not get to it for a whole second has lost the lease by right.
        if (!ending.LeaseRanOut)
            Assert.Equal((400L, TimeSpan.FromSeconds(2)), (seconds.Total(1).Requests.Single().Asked, ending.Until));
    }

    [Theory]
    [InlineData(false, 101)]
    [InlineData(false, 502)]
    [InlineData(false, 753)]
    [InlineData(false, 1004)]
    [InlineData(true, 105)]
    [InlineData(true, 906)]
    public async Task A_frozen_process_that_wakes_up_after_its_lease_sends_nothing_more(bool overHandler, int reading)
    {
        await using var server = RawServer.Answering();
        // Thirty iterations of two requests begin at once, twenty times a second: nearly every reading of the clock is followed by a request.
        var scenarios = Enumerable.Range(0, 30)
            .Select(i => new Scenario($"scenario {i}", 1, [EngineRun.Get(server.Url, $"{i}"), EngineRun.Get(server.Url, $"{i} again")]) { Rate = new(40, TimeSpan.FromSeconds(1)) }).ToList();
        var workload = Workload.Of(EngineRun.Plan(1, 30, scenarios) with { Load = new Load.PerScenario() });
        var time = new FreezingTime(reading, TimeSpan.FromSeconds(8), () => server.Requests);

        var (seconds, ending) = await ShareRun.Of(new(workload, "run-1", 2) { Lease = new(Lease) }, new RunClock(time), overHandler);

        var requests = seconds.Total(60).Requests;
        var expectation = new ShareExpectation(workload, WorkShare.Whole);
        Assert.Equal(new(Lease, LeaseRanOut: true), ending);
        Assert.Equal(time.CountedAtWaking, server.Requests);
        // Both steps of every iteration that was due until then.
        Assert.Equal(expectation.In(TimeSpan.Zero, Lease).Requests, requests.Select(r => r.Asked));
        Assert.All(requests, r => Assert.Equal(r.Asked, r.Sent + r.NotSent));
        // Over the handler a request counts as sent when it is handed on, and may end before anything of it goes out.
        var stopped = overHandler ? requests.Sum(r => r.ErrorCount(RequestError.Stopped)) : 0;
        Assert.InRange(server.Requests, requests.Sum(r => r.Sent) - stopped, requests.Sum(r => r.Sent));
        // Each second was meant to be what the plan asked for, frozen or not.
        Assert.Equal([600L, 600, 420], seconds.Take(3).Select(s => s.Interval.Requests.Where((_, i) => i % 2 == 0).Sum(r => r.Asked)));
    }

    [Fact]
    public async Task A_stop_tells_its_own_moment()
    {
        await using var server = RawServer.Answering();
        using var stop = new CancellationTokenSource();
        var clock = new RunClock(TimeProvider.System);
        var engine = new LoadEngine(new(Workload.Of(EngineRun.Plan(50, 60, EngineRun.Get(server.Url))), "run-1", 2), clock);

        Assert.Null(engine.Ending);
        var running = engine.RunAsync(_ => stop.Cancel(), stop.Token);
        await running;

        Assert.False(engine.Ending!.Value.LeaseRanOut);
        Assert.InRange(engine.Ending.Value.Until, TimeSpan.FromSeconds(1), clock.Now);
    }
}
