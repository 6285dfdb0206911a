using Pressure.Record;

namespace Pressure.Reports.Tests;

public class CrewFiguresTests
{
    private static RunSummary Of(RunRecord run) => Summarizer.Summarize(run);

    [Fact]
    public void Each_worker_has_its_figures_and_they_make_up_the_run()
    {
        var summary = Of(CrewRun.Build());

        Assert.Equal(["w1", "w2", "w3", "w4"], summary.Workers.Select(w => w.Name));
        Assert.Equal([0.25, 0.25, 0.25, 0.25], summary.Workers.Select(w => w.Share));
        Assert.Equal((summary.Requests.Asked, summary.Requests.Sent, summary.Load.NotSent), (summary.Workers.Sum(w => w.Asked), summary.Workers.Sum(w => w.Sent), summary.Workers.Sum(w => w.NotSent)));
        Assert.All(summary.Workers, w => Assert.Equal(w.Asked, w.Sent + w.NotSent));
    }

    [Fact]
    public void A_share_counts_for_whoever_had_it()
    {
        var workers = Of(CrewRun.Build()).Workers;

        // 55 s measured of 500 a second; w3 makes 25 s and owes 7, w4 its own and the last 23 of w3's.
        Assert.Equal([(27_500, 27_500, 0), (27_500, 27_500, 0), (16_000, 12_500, 3_500), (39_000, 39_000, 0)], workers.Select(w => ((int)w.Asked, (int)w.Sent, (int)w.NotSent)));
        Assert.Equal([0, 1, 2, 2, 3], workers.SelectMany(w => w.Shares).Order());
        Assert.Equal([2, 3], workers[3].Shares);
    }

    [Fact]
    public void A_lost_worker_is_marked_with_what_it_owes_and_the_clock_with_its_uncertainty()
    {
        var w3 = Of(CrewRun.Build()).Workers[2];

        Assert.True(w3.Lost);
        Assert.Equal((3_500, 36.5, null), (w3.Unsent, w3.LostAt!.Value, w3.HeardAt));
        Assert.Equal(("eu", -4.4, 2.3), (w3.Region, w3.ClockOffset, w3.ClockUncertainty));
    }

    [Fact]
    public void A_worker_that_came_later_is_told_too()
    {
        var run = CrewRun.Build();
        run = run with { Events = [.. run.Events.Select(e => e is TimelineEvent.ShareTakenOver t ? t with { To = "spare" } : e)] };

        var spare = Assert.Single(Of(run).Workers, w => w.Name == "spare");
        Assert.Equal((0, 11_500L), (spare.Share, spare.Sent));
        Assert.Equal([2], spare.Shares);
    }

    [Fact]
    public void One_that_is_heard_again_says_when()
    {
        var run = CrewRun.Build();
        run = run with { Events = [.. run.Events, new TimelineEvent.WorkerHeard(TimeSpan.FromSeconds(50), "w3", 4)] };

        Assert.Equal(50, Of(run).Workers[2].HeardAt);
    }

    [Fact]
    public void Cores_are_those_of_all_workers_and_lateness_that_of_the_latest()
    {
        var run = CrewRun.Build(lost: -1);
        var late = run.Intervals.First(i => i is { Share: 1, Second: 30 });
        late.Lateness.Record(TimeSpan.FromMilliseconds(70), 1_000);

        var summary = Of(run);
        Assert.InRange(summary.Generator.Cpu, 1.2, 1.4);
        Assert.Equal(summary.Workers[1].LateP99, summary.Generator.LateP99);
        Assert.InRange(summary.Generator.LateP99, 60, 80);
    }

    [Fact]
    public void Two_shares_of_one_worker_are_one_sample_a_second()
    {
        var run = CrewRun.Build(lost: -1);
        // The same second twice: not three bad seconds in a row.
        var twice = run.Generator.Select(g => g.Worker == "w1" && g.At.TotalSeconds is 20 or 21 ? g with { LateP50 = TimeSpan.FromSeconds(1), LateP99 = TimeSpan.FromSeconds(1) } : g);

        Assert.False(Of(run with { Generator = [.. twice.SelectMany(g => new[] { g, g })] }).Generator.Saturated);
    }

    [Fact]
    public void A_run_of_one_process_has_no_workers()
    {
        var json = SummaryFile.Write(Of(DemoRun.Build(seconds: 10)));

        Assert.DoesNotContain("\"crew\"", json, StringComparison.Ordinal);
        Assert.Contains("\"workers\": []", json, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_file_has_the_keys_that_are_promised()
    {
        var text = SummaryFile.Write(Of(CrewRun.Build()));
        using var json = System.Text.Json.JsonDocument.Parse(text);

        string[] keys = ["name", "region", "share", "sent", "asked", "notSent", "cpu", "lateP99", "saturated", "lost", "clockOffset", "clockUncertainty"];
        Assert.All(json.RootElement.GetProperty("workers").EnumerateArray(), w => Assert.Empty(keys.Except(w.EnumerateObject().Select(p => p.Name))));
        Assert.Equal(3_500, json.RootElement.GetProperty("crew").GetProperty("unsent").GetInt64());
        Assert.Equal(4, SummaryFile.Read(text).Workers.Count);
    }

    [Fact]
    public void A_manifest_without_workers_or_with_wild_weights_does_no_harm()
    {
        var run = CrewRun.Build(seconds: 10, lost: -1);
        var crew = run.Manifest.Crew!;

        Assert.Empty(Of(run with { Manifest = run.Manifest with { Crew = crew with { Workers = null!, Weights = null! } } }).Workers);
        Assert.Equal(4, Of(run with { Manifest = run.Manifest with { Crew = crew with { Weights = [int.MaxValue, int.MaxValue, int.MinValue] } } }).Workers.Count);
        Assert.Equal(4, Of(run with { Intervals = [] }).Workers.Count);
    }
}
