using Pressure.LoadGen.Tests.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>How a replay is ended before its time, and what it can't be made to do. (The accounts are asserted in ReplayRun.)</summary>
public class ReplayEndTests
{
    [Fact]
    public async Task On_a_stop_what_was_due_counts_as_not_sent_and_the_rest_is_never_taken()
    {
        await using var server = new SessionServer(delay: 30);
        // Each client's second request waits for its first, which never ends.
        var replay = new MemoryReplay([.. Enumerable.Range(0, 20).Select(i => MemoryRequest.Get(i % 10, i, "/")), MemoryRequest.Get(99, 50_000, "/")]);
        using var stop = new CancellationTokenSource();

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url), replay, stop: stop, steer: async _ =>
        {
            await Eventually.Holds(() => replay.Taken == 20 && server.Sessions.Sum(s => s.Count) == 10);
            await stop.CancelAsync();
        });

        Assert.Equal(10, run.Only.ErrorCount(RequestError.Stopped));
        Assert.Equal(10, run.Only.NotSent);
        Assert.Equal(20, replay.Taken);
    }

    [Fact]
    public async Task Finished_early_it_takes_no_more_and_lets_answers_come_in()
    {
        await using var server = new SessionServer(delay: 0.1);
        var replay = new MemoryReplay([.. Enumerable.Range(0, 600).Select(i => MemoryRequest.Get(i, i * 100, "/"))]);

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url, seconds: 60), replay, steer: async steering =>
        {
            await Eventually.Holds(() => server.Sessions.Count > 3);
            Assert.True(steering.Apply(new SteeringChange.Finish()).IsAccepted);
        });

        Assert.Equal(run.Only.Sent, run.Only.Ok);
        Assert.Equal(0, run.Only.NotSent);
        Assert.InRange(run.Only.Ok, 4, 599);
    }

    [Fact]
    public async Task As_fast_as_possible_likewise()
    {
        await using var server = new SessionServer(delay: 0.02);
        var replay = new MemoryReplay([.. Enumerable.Range(0, 10_000).Select(i => MemoryRequest.Get(i % 3, 0, "/"))]) { AtOnce = true };

        var run = await ReplayRun.Of(ReplayRun.Plan(server.Url, order: ReplayRun.AtOnce(3)), replay, steer: async steering =>
        {
            await Eventually.Holds(() => server.Sessions.Count == 3);
            Assert.True(steering.Apply(new SteeringChange.Finish()).IsAccepted);
        });

        Assert.Equal(run.Only.Asked, run.Only.Ok);
        Assert.InRange(run.Only.Ok, 3, 9_999);
    }

    [Fact]
    public void Neither_rate_nor_pause_can_be_steered()
    {
        var workload = Workload.Of(ReplayRun.Plan(new("http://127.0.0.1:1/")));
        var steering = new LoadGen.Steering(workload, new RunClock(TimeProvider.System));

        SteeringChange[] refused =
        [
            new SteeringChange.ToRate(new Rate(10, TimeSpan.FromSeconds(1))), new SteeringChange.ToFactor(2), new SteeringChange.ToUsers(3), new SteeringChange.Pause(),
            new SteeringChange.Resume(), new SteeringChange.ToPlan(),
        ];

        Assert.All(refused, change => Assert.Equal(SteeringRefusal.Replaying, steering.Apply(change).Refusal));
        Assert.True(steering.Apply(new SteeringChange.Finish()).IsAccepted);
    }

    [Fact]
    public void The_manifest_says_what_is_known_before()
    {
        var plan = ReplayRun.Plan(new("http://127.0.0.1:1/"), endpoints: 3);
        var counted = plan with { Load = ((Load.Replay)plan.Load) with { Counts = [6, 3, 1], Rates = [new(TimeSpan.Zero, TimeSpan.FromSeconds(60), 1, 1)] } };

        var (unknown, known) = (Workload.Of(plan), Workload.Of(counted));

        Assert.Equal(("replay", 0L, 0), (unknown.Load.Kind, unknown.Load.Total, unknown.Load.Segments.Count));
        Assert.Equal(("replay", 10L, 1), (known.Load.Kind, known.Load.Total, known.Load.Segments.Count));
        Assert.All(unknown.Requests(), r => Assert.Equal(1.0 / 3, r.Share, 9));
        Assert.Equal([0.6, 0.3, 0.1], known.Requests().Select(r => r.Share));
    }

    [Fact]
    public void What_the_event_loop_does_not_speak_is_refused_before_anything_is_sent()
    {
        var plan = ReplayRun.Plan(new("https://127.0.0.1:1/"));
        var clock = new RunClock(TimeProvider.System);

        Assert.Throws<NotSupportedException>(() => new LoadEngine(Job(plan with { Http = plan.Http with { Version = new(2, 0) } }), clock));
        Assert.Throws<NotSupportedException>(() => new LoadEngine(Job(plan), clock, hasTls: false));
        Assert.Throws<ArgumentException>(() => new LoadEngine(Job(plan) with { Replay = null }, clock));

        static EngineJob Job(LoadPlan plan) => new(Workload.Of(plan), "run-1", 1) { Replay = new MemoryReplay() };
    }
}
