using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster.Tests;

/// <summary>Real workers and the real coordinator, on one bus in one process, with a real target.</summary>
public sealed class RealCrewTests : RealCrewTest
{
    private const int Rate = 90;

    private readonly CountingTarget _target = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Three_workers_make_exactly_what_the_plan_asks_for()
    {
        foreach (var name in (string[])["a", "b", "c"])
            Start(name, Bus);
        var run = await StartAsync(seconds: 3, workers: 3);
        var outcome = await run.Completion;
        Judged.As(Verdict.NoCriteria, 0, outcome);
        Assert.Equal((3L * Rate, 3L * Rate, 3 * Rate), (outcome.Summary.Requests.Asked, outcome.Summary.Requests.Sent, _target.Count));
        var merged = RunFolder.Read(run.Folder).Intervals.Select(Text).Order();
        var own = Directory.GetDirectories(Folder.File("workers"), "share-*", SearchOption.AllDirectories).SelectMany(f => RunFolder.Read(f).Intervals).Select(Text).Order();
        Assert.Equal(own, merged);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_worker_that_is_cut_off_is_replaced_and_its_results_come_along_when_it_is_back()
    {
        var way = new CuttableBus(Bus);
        Start("a", way);
        Start("b", Bus);
        var run = await StartAsync(seconds: 20, workers: 2, ShortLease);
        await Eventually.Holds(() => run.Status.At > 2);
        way.IsCut = true;
        await Eventually.Holds(() => RunFolder.ReadEvents(run.Folder).Any(e => e is TimelineEvent.ShareTakenOver));
        way.IsCut = false;
        var outcome = await run.Completion;
        var (requests, load) = (outcome.Summary.Requests, outcome.Summary.Load);
        Assert.Equal(20L * Rate, requests.Asked);
        Assert.Equal(requests.Asked, requests.Sent + load.NotSent);
        Assert.Equal(requests.Sent, _target.Count);
        var events = RunFolder.ReadEvents(run.Folder);
        Assert.Equal("a", Assert.Single(events.OfType<TimelineEvent.WorkerLost>()).Worker);
        Assert.Equal(("a", "b"), events.OfType<TimelineEvent.ShareTakenOver>().Select(t => (t.From, t.To)).Single());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_worker_that_leaves_hands_its_share_over()
    {
        Start("a", Bus);
        Start("b", Bus);
        var run = await StartAsync(seconds: 6, workers: 2);
        await Eventually.Holds(() => run.Status.At > 1);
        Assert.Equal(new WorkerEnding.Stopped(0), await Workers[0].StopAsync());
        var outcome = await run.Completion;
        var (requests, load) = (outcome.Summary.Requests, outcome.Summary.Load);
        Assert.Equal(6L * Rate, requests.Asked);
        Assert.Equal(requests.Asked, requests.Sent + load.NotSent);
        Assert.Equal(requests.Sent, _target.Count);
        Assert.Contains("it was told to stop", Assert.Single(RunFolder.ReadEvents(run.Folder).OfType<TimelineEvent.WorkerLost>()).Detail);
    }

    private static string Text(Interval interval) => $"{interval.Share:00} {interval.Second:000} {Convert.ToHexString(interval.Encode())}";

    private async Task<RunHandle> StartAsync(int seconds, int workers, TimeSpan? lease = null)
    {
        var read = PlanReader.Parse(Plans.Rate(_target.Url, Rate, seconds) + "hosts: []\n", "plan.yaml");
        Assert.Empty(read.Problems);
        var request = new RunRequest(read.Plan!, read.Text, Folder.File("run"), [], new ReportOptions(Html: false, Pdf: false));
        return await StartAsync(request, workers, lease: lease);
    }
}
