using Pressure.Record;

namespace Pressure.Reports.Tests;

public class CrewVerdictTests
{
    private static RunSummary Of(RunRecord run) => Summarizer.Summarize(run);

    [Fact]
    public void What_is_lost_within_the_tolerance_is_a_notice()
    {
        var summary = Of(CrewRun.Build(tolerance: 0.05));

        Assert.Equal((Verdict.Passed, 0), (summary.Verdict, summary.ExitCode));
        Assert.Equal("3,500 requests (3.18 %) were not sent because workers were lost, w3 (3,500). The plan tolerates 5 %; all other figures are of what was sent.", summary.Crew!.Notice);
    }

    [Fact]
    public void What_is_lost_beyond_it_makes_the_result_invalid_and_names_the_workers()
    {
        var summary = Of(CrewRun.Build(tolerance: 0.01));

        Assert.Equal((Verdict.Invalid, 5), (summary.Verdict, summary.ExitCode));
        Assert.Equal("3,500 of 110,000 requests (3.18 %) were not sent because workers were lost, w3 (3,500): more than the 1 % that the plan tolerates.", summary.Reason);
        Assert.Contains("w3 (3,500)", summary.ReasonIn(ReportLanguage.Zh), StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_lost_without_a_missing_request_is_a_notice() =>
        Assert.Equal("w3 was lost during the run; no request is missing for it.", Of(CrewRun.Build(tolerance: 0, taken: 0)).Crew!.Notice);

    [Fact]
    public void Nothing_lost_is_no_notice() => Assert.Null(Of(CrewRun.Build(lost: -1)).Crew!.Notice);

    [Fact]
    public void What_is_lost_in_the_warm_up_counts_for_nothing()
    {
        var run = CrewRun.Build(lost: -1, tolerance: 0);
        run = run with { Events = [.. run.Events, new TimelineEvent.ShareUnsent(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 0, "w1", 2_000)] };

        Assert.Equal(Verdict.Passed, Of(run).Verdict);
    }

    [Fact]
    public void What_is_not_sent_for_other_reasons_keeps_its_own_limit()
    {
        var run = CrewRun.Build(tolerance: 0.05);
        foreach (var interval in run.Intervals.Where(i => i.Share == 0 && i.Second >= 40))
        {
            interval.Requests[0].Asked += 100;
            interval.Requests[0].NotSent += 100;
        }

        Assert.Contains("2,000 of 112,000 requests", Of(run).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(40)]
    public void One_saturated_worker_of_many_makes_the_result_invalid_and_is_named(int workers)
    {
        var summary = Of(CrewRun.Build(workers, seconds: 40, lost: -1, slow: 3, rate: 50));

        Assert.Equal((Verdict.Invalid, 5), (summary.Verdict, summary.ExitCode));
        Assert.Contains("could not keep up at w4 (sends late by up to 240 ms", summary.Reason, StringComparison.Ordinal);
        Assert.Equal(["w4"], summary.Workers.Where(w => w.Saturated).Select(w => w.Name));
        Assert.StartsWith("w4: for seconds on end", summary.Generator.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_seconds_of_different_workers_do_not_add_up()
    {
        var run = CrewRun.Build(lost: -1);
        var bad = run.Generator.Select(g => g.At.TotalSeconds is var at && at is >= 20 and < 24 && g.Worker == CrewRun.Name((int)at % 4) ? g with { LateP50 = TimeSpan.FromSeconds(1), LateP99 = TimeSpan.FromSeconds(1) } : g);

        Assert.False(Of(run with { Generator = [.. bad] }).Generator.Saturated);
    }

    [Fact]
    public void A_busy_coordinator_does_not_excuse_a_worker()
    {
        var run = CrewRun.Build(lost: -1, slow: 1);
        var hosts = Enumerable.Range(0, 60).Select(s => new HostSample { Host = "local", At = TimeSpan.FromSeconds(s + 1), Cores = 64, Cpu = new(0.99, 0, 0, 0), Load = default, MemoryTotal = 1, MemoryUsed = 1, Network = default, Disk = default, Sockets = 1 });

        Assert.Contains("could not keep up at w2", Of(run with { Hosts = [.. hosts] }).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_what_was_lost_and_who_was_slow_are_told()
    {
        var reason = Of(CrewRun.Build(tolerance: 0.01, slow: 1)).Reason;

        Assert.Contains("could not keep up at w2", reason, StringComparison.Ordinal);
        Assert.Contains("because workers were lost, w3", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plateau_of_a_search_is_judged_by_its_worst_worker()
    {
        var run = CrewRun.Build(lost: -1, slow: 3);
        var manifest = run.Manifest with { Load = run.Manifest.Load with { Search = SearchRun.Build().Manifest.Load.Search } };
        SearchPlateau At(int from) => PlateauMeasure.Of(
            manifest, new(TimeSpan.Zero, 1, SearchPhase.Ramp, 500), [.. run.Intervals.Where(i => i.Second >= from && i.Second < from + 6)], [.. run.Generator.Where(g => g.At.TotalSeconds > from && g.At.TotalSeconds <= from + 6)], []);

        Assert.Equal(PlateauOutcome.GeneratorSaturated, At(20).Outcome);
        Assert.NotEqual(PlateauOutcome.GeneratorSaturated, At(30).Outcome);
    }
}
