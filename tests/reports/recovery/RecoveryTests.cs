using Pressure.Record;

namespace Pressure.Reports.Tests;

public class RecoveryTests
{
    private const string Experiment = "e1";

    /// <summary>Sixty seconds of a hundred requests each, of which some fail in [20, 28).</summary>
    private static RunBuilder Struck(long failed = 30, int to = 28)
    {
        var run = RunBuilder.New().Manifest(m => m with { Duration = TimeSpan.FromSeconds(60) });
        for (var second = 0; second < 60; second++)
            run.Second(second, ok: second >= 20 && second < to ? 100 - failed : 100, failed: second >= 20 && second < to ? failed : 0);
        return run;
    }

    private static RunBuilder WithFault(RunBuilder run, bool off = true)
    {
        run.Event(new TimelineEvent.ExperimentStarted(At(19), Experiment, "Kill one", "demo"))
            .Event(new TimelineEvent.FaultOn(At(20.4), "aa", Experiment, "container-kill", "local", "item-1", At(30)));
        if (off)
            run.Event(new TimelineEvent.FaultOff(At(27), "aa", "container-kill", "item-1", "deadline"));
        return run.Event(new TimelineEvent.ExperimentEnded(At(40), Experiment, "Kill one", "completed", false));
    }

    private static RunBuilder WithProbe(RunBuilder run, double failing, double holding) => run
        .Event(new TimelineEvent.ProbeHeld(At(19), Experiment, "shop answers", At(0.5)))
        .Event(new TimelineEvent.ProbeFailed(At(failing), Experiment, "shop answers", "status 502", At(0.5)))
        .Event(new TimelineEvent.ProbeHeld(At(holding), Experiment, "shop answers", At(0.5)));

    private static RecoveryFigures Figures(RunBuilder run) => Assert.Single(Summarizer.Summarize(run.Build()).Chaos!.Recovery);

    [Fact]
    public void A_run_without_chaos_has_no_figures_of_it() => Assert.Null(Summarizer.Summarize(RunBuilder.New().Seconds(10, ok: 5).Build()).Chaos);

    [Fact]
    public void The_load_shows_when_it_began_to_fail_and_when_it_was_well_again()
    {
        var r = Figures(WithFault(Struck()));

        Assert.Equal((20.4, 20.4, 28.0), (r.StruckAt, r.FailingAt, r.RecoveredAt));
        Assert.Equal((0.0, 7.6, 1.0), (r.ToDetect, r.ToRecover, r.Accuracy));
        Assert.Equal(("load", "load", 240L), (r.SeenBy, r.RecoveredBy, r.Lost));
        Assert.Equal((true, null, true), (r.DetectedInTime, r.LocatedInTime, r.RecoveredInTime));
    }

    [Fact]
    public void A_probe_that_sees_it_decides_by_its_interval()
    {
        var r = Figures(WithProbe(WithFault(RunBuilder.New().Manifest(m => m with { Duration = At(60) }).Seconds(60, ok: 100)), 21.5, 26));

        Assert.Equal((21.5, 26.0, "shop answers", "shop answers"), (r.FailingAt, r.RecoveredAt, r.SeenBy, r.RecoveredBy));
        Assert.Equal((1.1, 4.5, 0.5, 0L), (r.ToDetect, r.ToRecover, r.Accuracy, r.Lost));
    }

    [Fact]
    public void All_that_failed_must_hold_again()
    {
        var r = Figures(WithProbe(WithFault(Struck()), 21.5, 33));

        Assert.Equal((20.4, 33.0, "load", "shop answers", 1.0), (r.FailingAt, r.RecoveredAt, r.SeenBy, r.RecoveredBy, r.Accuracy));
    }

    [Fact]
    public void A_probe_that_holds_and_fails_again_has_not_recovered_until_it_holds_for_good()
    {
        var run = WithProbe(WithFault(Struck()), 21, 23)
            .Event(new TimelineEvent.ProbeFailed(At(29), Experiment, "shop answers", "status 502", At(0.5)))
            .Event(new TimelineEvent.ProbeHeld(At(35), Experiment, "shop answers", At(0.5)));

        Assert.Equal(35, Figures(run).RecoveredAt);
        Assert.Equal((2, 8.0, true), Summarizer.Summarize(run.Build()).Chaos!.Probes.Select(p => (p.Failures, p.FailedSeconds, p.HeldAtEnd)).Single());
    }

    [Fact]
    public void What_fails_until_the_end_has_not_recovered()
    {
        var r = Figures(WithFault(Struck(to: 60)));

        Assert.Null(r.RecoveredAt);
        Assert.False(r.RecoveredInTime);
        Assert.Equal(1200, r.Lost);
    }

    [Fact]
    public void What_failed_before_as_well_is_not_lost_by_the_fault()
    {
        var run = RunBuilder.New().Manifest(m => m with { Duration = At(60) });
        for (var second = 0; second < 60; second++)
            run.Second(second, ok: second is >= 20 and < 28 ? 60 : 90, failed: second is >= 20 and < 28 ? 40 : 10);

        Assert.Equal((20.4, 28.0, 240L), Figures(WithFault(run)) is var r ? (r.FailingAt, r.RecoveredAt, r.Lost) : default);
    }

    [Fact]
    public void Requests_that_were_not_sent_are_lost_too()
    {
        var run = RunBuilder.New().Manifest(m => m with { Duration = At(60) });
        for (var second = 0; second < 60; second++)
            run.Second(second, ok: second is 21 or 22 ? 50 : 100, notSent: second is 21 or 22 ? 50 : 0);

        Assert.Equal((21.0, 23.0, 100L), Figures(WithFault(run)) is var r ? (r.FailingAt, r.RecoveredAt, r.Lost) : default);
    }

    [Fact]
    public void Durations_beyond_a_threshold_that_held_before_count_when_they_last()
    {
        var run = RunBuilder.New().Manifest(m => m with { Duration = At(60) }).Threshold("http_req_duration", "p(95) < 500ms");
        for (var second = 0; second < 60; second++)
            run.Second(second, ok: 100, milliseconds: second is 10 or 22 or 23 or 24 or 50 ? 900 : 20);

        // The lone slow seconds 10 and 50 are nobody's fault.
        Assert.Equal((22.0, 25.0), Figures(WithFault(run)) is var r ? (r.FailingAt, r.RecoveredAt) : default);
    }

    [Fact]
    public void A_target_that_falls_silent_is_failing()
    {
        var run = RunBuilder.New().Manifest(m => m with { Duration = At(60) });
        for (var second = 0; second < 60; second++)
        {
            if (second is not (22 or 23))
                run.Second(second, ok: 100);
        }
        foreach (var second in (int[])[22, 23])
        {
            var silent = new Interval(0, second, 1);
            silent.Requests[0].Asked = 100;
            run.Interval(silent);
        }
        Assert.Equal((22.0, 24.0), Figures(WithFault(run)) is var r ? (r.FailingAt, r.RecoveredAt) : default);
    }

    [Fact]
    public void Marks_say_when_people_noticed_found_out_and_were_done()
    {
        var quiet = RunBuilder.New().Manifest(m => m with { Duration = At(60) }).Seconds(60, ok: 100);
        var r = Figures(WithFault(quiet).Event(new TimelineEvent.Marked(At(22), "detected", "ops")).Event(new TimelineEvent.Marked(At(25), "located", "ops")).Event(new TimelineEvent.Marked(At(31), "recovered", "ops")));

        Assert.Equal((22.0, 31.0, "mark", "mark"), (r.FailingAt, r.RecoveredAt, r.SeenBy, r.RecoveredBy));
        Assert.Equal((1.6, 4.6, 9.0), (r.ToDetect, r.ToLocate, r.ToRecover));
        Assert.Equal((true, true, true), (r.DetectedInTime, r.LocatedInTime, r.RecoveredInTime));
    }

    [Fact]
    public void A_mark_before_the_first_probe_failed_is_when_it_was_noticed() =>
        Assert.Equal(0.6, Figures(WithProbe(WithFault(RunBuilder.New().Manifest(m => m with { Duration = At(60) }).Seconds(60, ok: 100)), 25, 30).Event(new TimelineEvent.Marked(At(21), "detected", "ops"))).ToDetect);

    [Fact]
    public void What_nobody_notices_has_no_times()
    {
        var r = Figures(WithFault(RunBuilder.New().Manifest(m => m with { Duration = At(60) }).Seconds(60, ok: 100)));

        Assert.Equal((null, null, null, null, 0L), (r.FailingAt, r.ToDetect, r.ToRecover, r.RecoveredInTime, r.Lost));
        Assert.True(r.Withstood);
    }

    [Fact]
    public void Two_strikes_one_after_the_other_have_figures_of_their_own()
    {
        var run = WithFault(Struck())
            .Event(new TimelineEvent.FaultOn(At(45), "bb", "", "container-pause", "local", "item-2", At(50)))
            .Event(new TimelineEvent.FaultOff(At(46), "bb", "container-pause", "item-2", "deadline"));
        run.Second(45, failed: 50).Second(46, failed: 50);
        var recovery = Summarizer.Summarize(run.Build()).Chaos!.Recovery;

        Assert.Equal([("Kill one", 28.0), ("container-pause: item-2", 47.0)], recovery.Select(r => (r.Title, r.RecoveredAt ?? 0)));
    }

    // Held but for 5 of 39.6 s, recovered; 240 of the 4,000 requests from second 20 on are lost; undone: 34.95 + 30 + 18.8 + 10.
    [Fact]
    public void The_score_adds_up() => Assert.Equal(93, Summarizer.Summarize(WithProbe(WithFault(Struck()), 21, 26).Build()).Chaos!.Score!.Value);

    [Fact]
    public void A_probe_that_fails_at_the_end_counts_as_if_it_never_held()
    {
        var run = WithFault(Struck()).Event(new TimelineEvent.ProbeHeld(At(19), Experiment, "p", At(1))).Event(new TimelineEvent.ProbeFailed(At(59), Experiment, "p", "x", At(1)));

        Assert.Equal([0, 0, 18.8, 10], Summarizer.Summarize(run.Build()).Chaos!.Score!.Parts.Select(p => p.Points));
    }

    [Fact]
    public void What_is_left_costs_the_points_for_undoing() =>
        Assert.Equal(0, Summarizer.Summarize(WithFault(Struck(), off: false).Build()).Chaos!.Score!.Parts.Single(p => p.Part == "undone").Points);

    [Fact]
    public void The_score_is_never_full_without_probes()
    {
        var perfect = WithFault(RunBuilder.New().Manifest(m => m with { Duration = At(60) }).Seconds(60, ok: 100));

        Assert.Equal(60, Summarizer.Summarize(perfect.Build()).Chaos!.Score!.Value);
        Assert.Equal(100, Summarizer.Summarize(perfect.Event(new TimelineEvent.ProbeHeld(At(19), Experiment, "p", At(1))).Build()).Chaos!.Score!.Value);
    }

    [Fact]
    public void Where_nothing_struck_there_is_no_score() =>
        Assert.Null(Summarizer.Summarize(RunBuilder.New().Seconds(10, ok: 5).Event(new TimelineEvent.StrikeRefused(At(1), "", "container-kill", "budget", "used up")).Build()).Chaos!.Score);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
