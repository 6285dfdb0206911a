using Pressure.Record;

namespace Pressure.Reports.Tests;

public class ChaosVerdictTests
{
    private static RunBuilder Good() => RunBuilder.New().Seconds(10, ok: 100).Threshold("http_req_failed", "rate < 1%");

    private static RunBuilder Drill() => RunBuilder.New().Manifest(m => m with { Load = LoadManifest.OfDrill, Requests = [], Duration = TimeSpan.Zero, Target = "" });

    private static RunBuilder Experiment(RunBuilder run, string status = "completed", bool deviated = false) => run
        .Event(new TimelineEvent.ExperimentStarted(At(2), "e1", "Kill one", "demo"))
        .Event(new TimelineEvent.FaultOn(At(3), "aa", "e1", "container-kill", "local", "item-1", At(8)))
        .Event(new TimelineEvent.FaultOff(At(5), "aa", "container-kill", "item-1", "deadline"))
        .Event(new TimelineEvent.ExperimentEnded(At(6), "e1", "Kill one", status, deviated));

    private static void Is(Verdict verdict, int exitCode, string reason, RunBuilder run)
    {
        var summary = Summarizer.Summarize(run.Build());
        Assert.Equal((verdict, exitCode), (summary.Verdict, summary.ExitCode));
        Assert.Contains(reason, summary.Reason, StringComparison.Ordinal);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", summary.ReasonIn(ReportLanguage.Zh));
    }

    [Fact]
    public void An_experiment_that_came_out_well_changes_nothing() => Is(Verdict.Passed, 0, "The criterion held", Experiment(Good()));

    [Theory]
    [InlineData("completed", true, "steady state of the experiment “Kill one” did not hold")]
    [InlineData("failed", false, "“Kill one” failed")]
    [InlineData("aborted", false, "ended itself early")]
    [InlineData("interrupted", false, "cut off by the end of the load")]
    public void One_that_did_not_makes_the_run_fail(string status, bool deviated, string reason) => Is(Verdict.Failed, 99, reason, Experiment(Good(), status, deviated));

    [Fact]
    public void A_refusal_says_which_guard_and_why() => Is(Verdict.Failed, 99, "“Kill one” was refused (budget): Two kills an hour are allowed.", Good()
        .Event(new TimelineEvent.ExperimentStarted(At(2), "e1", "Kill one", "demo"))
        .Event(new TimelineEvent.StrikeRefused(At(2), "e1", "container-kill", "budget", "Two kills an hour are allowed."))
        .Event(new TimelineEvent.ExperimentEnded(At(2), "e1", "Kill one", "failed", false)));

    [Fact]
    public void What_is_left_outranks_everything() => Is(Verdict.NotUndone, 4, "A fault is not undone. kill of item-1: it does not start. Start it.",
        Experiment(Good()).Event(new TimelineEvent.RevertIncomplete(At(5.5), "aa", "container-kill", "item-1", "it does not start", "Start it.")).Event(new TimelineEvent.RunFailed(At(7), "x")));

    [Fact]
    public void What_was_undone_later_is_not_left() => Is(Verdict.Passed, 0, "held",
        Experiment(Good()).Event(new TimelineEvent.RevertIncomplete(At(4), "aa", "container-kill", "item-1", "it does not start", "Start it.")));

    [Fact]
    public void A_fault_of_which_nobody_told_the_end_counts_as_left() => Is(Verdict.NotUndone, 4, "nobody told that it was undone",
        Good().Event(new TimelineEvent.FaultOn(At(3), "aa", "", "container-kill", "local", "item-1", At(8))));

    [Fact]
    public void A_drill_whose_steady_state_held_passes() =>
        Is(Verdict.Passed, 0, "steady state held", Experiment(Drill()).Event(new TimelineEvent.ProbeHeld(At(2), "e1", "shop answers")));

    [Fact]
    public void A_drill_without_probes_is_not_judged() => Is(Verdict.NoCriteria, 0, "No probe", Experiment(Drill()));

    [Theory]
    [InlineData("interrupted", false, Verdict.Stopped, 130)]
    [InlineData("completed", true, Verdict.Failed, 99)]
    [InlineData("aborted", false, Verdict.Failed, 99)]
    public void A_drill_is_judged_by_its_experiments(string status, bool deviated, Verdict verdict, int exitCode) => Is(verdict, exitCode, "Kill one", Experiment(Drill(), status, deviated));

    [Fact]
    public void A_drill_that_struck_nothing_has_nothing_to_judge() => Is(Verdict.NoCriteria, 0, "Nothing was struck", Drill());

    [Fact]
    public void A_drill_that_was_cut_off_is_no_pass() => Is(Verdict.Stopped, 130, "not brought to its end", Experiment(Drill()).NotEnded());

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
