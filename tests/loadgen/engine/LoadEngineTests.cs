using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

public abstract class LoadEngineTests(bool tls) : OverBoth(tls)
{
    [Fact]
    public async Task Every_second_asks_for_and_sends_what_the_plan_says()
    {
        await using var server = Answering();

        var run = await EngineRun.Of(EngineRun.Plan(200, 3, EngineRun.Get(server.Url)));

        Assert.Equal([200, 200, 200], run.Seconds.Take(3).Select(s => s.Interval.Requests[0].Asked));
        Assert.Equal(600, run.Only.Sent);
        Assert.Equal(600, run.Only.Ok);
        Assert.Equal(600, run.Only.StatusCount(200));
        Assert.Equal(600, server.Requests);
        Assert.Equal(600, run.Total.Lateness.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Three_and_a_half_requests_are_four_at_the_server(int lanes)
    {
        // 1.75/s for 2 s: a start that has begun within the load is made, so 0, 0.571, 1.143 and 1.714 s.
        await using var server = Answering();

        await EngineRun.Of(EngineRun.Plan(1.75m, 2, EngineRun.Get(server.Url)), lanes);

        Assert.Equal(4, server.Requests);
    }

    [Fact]
    public async Task Connections_are_kept_and_used_again()
    {
        await using var server = Answering();

        // With no limit a busy machine may open as many as requests fall due while it does something else.
        await EngineRun.Of(EngineRun.Plan(100, 2, EngineRun.Get(server.Url)) with { Http = EngineRun.Insecure with { MaxConnections = 10 } });

        Assert.InRange(server.Connections, 1, 10);
    }

    [Fact]
    public async Task Without_keep_alive_every_request_has_a_connection_of_its_own()
    {
        await using var server = Answering();
        var plan = EngineRun.Plan(100, 1, EngineRun.Get(server.Url)) with { Http = EngineRun.Insecure with { KeepAlive = false } };

        var run = await EngineRun.Of(plan);

        Assert.Equal(100, run.Only.Ok);
        Assert.Equal(100, server.Connections);
    }

    [Fact]
    public async Task A_mix_of_seven_to_three_is_exact_over_any_whole_period()
    {
        await using var server = Answering();

        var run = await EngineRun.Of(EngineRun.Plan(100, 2, [
            new Scenario("browse", 7, [EngineRun.Get(server.Url, "browse")]),
            new Scenario("buy", 3, [EngineRun.Get(server.Url, "buy")]),
        ]));

        Assert.Equal([140, 60], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal([70, 30], run.Seconds[0].Interval.Requests.Select(r => r.Asked));
    }

    [Fact]
    public async Task A_name_with_several_addresses_is_reached_at_the_one_that_answers()
    {
        // localhost is ::1 and 127.0.0.1; the server listens on the latter only.
        await using var server = Answering();

        var run = await EngineRun.Of(EngineRun.Plan(50, 1, EngineRun.Get(new Uri($"{Scheme}://localhost:{server.Port}/"))));

        Assert.Equal(50, run.Only.Ok);
    }

    [Fact]
    public async Task Steps_follow_each_other_with_their_pauses_and_count_from_when_they_fell_due()
    {
        await using var server = Answering();
        var pause = new Step.Think(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(600));

        var run = await EngineRun.Of(EngineRun.Plan(100, 2, EngineRun.Get(server.Url, "first"), pause, EngineRun.Get(server.Url, "second")));

        Assert.Equal([100, 100], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal((100, 100), (run.Total.IterationsStarted, run.Total.IterationsEnded));
        // Of any of them: on a busy machine many may take longer than the pause.
        Assert.True(run.Total.Requests[1].ResponseTime.Min < pause.Min, "a pause is no part of the response time");
        Assert.True(run.Seconds.Sum(s => s.Interval.Second > 1 ? s.Interval.Requests[1].Ok : 0) > 0, "the last iterations end after the schedule");
    }

    [Fact]
    public async Task An_iteration_that_ends_with_a_pause_is_counted_as_ended_after_the_schedule()
    {
        await using var server = Answering();
        var pause = new Step.Think(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1.5));

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(server.Url), pause));

        Assert.Equal((20, 20), (run.Total.IterationsStarted, run.Total.IterationsEnded));
    }

    [Fact]
    public async Task Fewer_connections_than_lanes_still_send_everything()
    {
        await using var server = Answering();

        var run = await EngineRun.Of(EngineRun.Plan(50, 1, EngineRun.Get(server.Url)) with { Http = EngineRun.Insecure with { MaxConnections = 1 } }, lanes: 4);

        Assert.Equal((50, 1), (run.Only.Ok, server.Connections));
    }

    [Fact]
    public async Task A_lane_that_fails_ends_the_run_with_its_reason_and_the_seconds_so_far()
    {
        await using var server = Answering();
        var workload = Workload.Of(EngineRun.Plan(100, 30, EngineRun.Get(server.Url)));
        var broken = workload with { Starts = new BrokenSchedule(workload.Starts, at: 151) };
        var seconds = new List<EngineSecond>();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new LoadEngine(new EngineJob(broken, "run-1", 2), new RunClock(TimeProvider.System)).RunAsync(seconds.Add, CancellationToken.None));

        Assert.Contains("Lane 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no start 151", failure.Message, StringComparison.Ordinal);
        Assert.Equal(100, seconds[0].Interval.Requests[0].Asked);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_lane_that_is_blocked_is_given_up_and_the_run_ends_with_what_the_others_measured()
    {
        await using var server = RawServer.Answering();
        using var time = new BlockingTime("lane 0");
        var seconds = new List<EngineSecond>();
        var engine = new LoadEngine(new EngineJob(Workload.Of(EngineRun.Plan(100, 600, EngineRun.Get(server.Url))), "run-1", 2), new RunClock(time), hasTls: true, patience: 3);

        var stuck = await Assert.ThrowsAsync<LaneStuckException>(() => engine.RunAsync(second =>
        {
            seconds.Add(second);
            time.Block = second.Interval.Second >= 1;
        }, CancellationToken.None));

        Assert.Equal((0, TimeSpan.FromSeconds(3)), (stuck.Lane, stuck.Silence));
        Assert.Equal(Enumerable.Range(0, seconds.Count), seconds.Select(s => s.Interval.Second));
        // The lane's seconds up to the block, and those of the other lane until the block was noticed.
        Assert.True(seconds.Count > 3, $"{seconds.Count} seconds");
        Assert.Equal(100, seconds[1].Interval.Requests[0].Asked);
        Assert.Equal(50, seconds[^2].Interval.Requests[0].Asked);
    }

    [Fact]
    public async Task A_receiver_that_fails_ends_the_run()
    {
        await using var server = Answering();
        var engine = new LoadEngine(new EngineJob(Workload.Of(EngineRun.Plan(100, 60, EngineRun.Get(server.Url))), "run-1", 2), new RunClock(TimeProvider.System));

        await Assert.ThrowsAsync<IOException>(() => engine.RunAsync(_ => throw new IOException("disk full"), CancellationToken.None));
    }

    [Fact]
    public async Task A_rehearsal_is_neither_counted_nor_seen_by_the_target()
    {
        await using var server = Answering();
        var plan = EngineRun.Plan(20, 1, EngineRun.Get(server.Url));
        var total = new Interval(0, 0, 1);

        await new LoadEngine(new EngineJob(Workload.Of(plan), "run-1", 1), new RunClock(TimeProvider.System, TimeSpan.FromSeconds(1)))
            .RunAsync(s => total.Add(s.Interval), CancellationToken.None);

        Assert.Equal((20, 20), (total.Requests[0].Ok, server.Requests));
    }

    private sealed class BrokenSchedule(Schedule inner, long at) : Schedule
    {
        public override long Count => inner.Count;

        public override TimeSpan Duration => inner.Duration;

        public override TimeSpan IntendedStart(long n) => n == at ? throw new ArgumentException($"no start {at}") : inner.IntendedStart(n);
    }
}

public sealed class PlainLoadEngineTests() : LoadEngineTests(tls: false);

public sealed class TlsLoadEngineTests() : LoadEngineTests(tls: true);
