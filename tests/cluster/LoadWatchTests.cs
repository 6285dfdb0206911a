using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster.Tests;

public sealed class LoadWatchTests
{
    private readonly LoadWatch _watch = Watch(warmUp: TimeSpan.FromSeconds(2));

    [Fact]
    public void Planned_events_are_told_once_and_in_time()
    {
        Assert.IsType<TimelineEvent.RunStarted>(Assert.Single(_watch.Due(TimeSpan.FromSeconds(1))));
        Assert.IsType<TimelineEvent.WarmUpEnded>(Assert.Single(_watch.Due(TimeSpan.FromSeconds(5))));
        Assert.Empty(_watch.Due(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_second_in_which_all_requests_fail_is_told_once_and_so_is_the_recovery()
    {
        Assert.Null(_watch.Judge(Second(0, ok: 10)));
        var failing = Assert.IsType<TimelineEvent.TargetFailing>(_watch.Judge(Second(1, failed: 10, error: RequestError.ConnectRefused)));
        Assert.Equal((TimeSpan.FromSeconds(1), RequestError.ConnectRefused), (failing.At, failing.Error));
        Assert.Null(_watch.Judge(Second(2, failed: 10, error: RequestError.ConnectRefused)));
        var back = Assert.IsType<TimelineEvent.TargetRecovered>(_watch.Judge(Second(3, ok: 1)));
        Assert.Equal(TimeSpan.FromSeconds(3), back.At);
    }

    [Fact]
    public void A_failing_status_is_named()
    {
        var second = Second(1, failed: 3, error: RequestError.CheckFailed);
        second.Requests[0].CountStatus(503, 3);
        Assert.Equal(503, Assert.IsType<TimelineEvent.TargetFailing>(_watch.Judge(second)).Status);
    }

    [Fact]
    public void Seconds_without_outcomes_and_requests_cut_off_by_a_stop_say_nothing_about_the_target()
    {
        Assert.Null(_watch.Judge(Second(0)));
        Assert.Null(_watch.Judge(Second(1, failed: 5, error: RequestError.Stopped)));
    }

    private static Interval Second(int second, long ok = 0, long failed = 0, RequestError error = RequestError.None)
    {
        var interval = new Interval(share: 0, second, requestCount: 1);
        interval.Requests[0].Ok = ok;
        interval.Requests[0].Failed = failed;
        if (failed > 0)
            interval.Requests[0].CountError(error, failed);
        return interval;
    }

    private static LoadWatch Watch(TimeSpan warmUp)
    {
        var rate = new Rate(10, TimeSpan.FromSeconds(1));
        var plan = new LoadPlan
        {
            Name = "watched",
            Target = new Uri("http://127.0.0.1:1/"),
            Load = new Load.Constant(rate),
            Duration = TimeSpan.FromSeconds(10),
            WarmUp = warmUp,
            Scenarios = [],
        };
        var load = new LoadManifest { Kind = "rate", Arrivals = "uniform", Total = 100, Segments = [new(TimeSpan.Zero, plan.Duration, 10, 10)] };
        return new LoadWatch(plan, load);
    }
}
