using Pressure.Record;

namespace Pressure.Cluster.Tests;

public sealed class CutOffTests : CrewTest
{
    [Fact(Timeout = 120_000)]
    public async Task A_frozen_worker_that_wakes_up_brings_along_what_it_made_before_its_lease_ended()
    {
        await WorkerAsync("a");
        var frozen = await WorkerAsync("b");
        var run = await StartAsync("rate: 100/s, duration: 18s", workers: 2, Losing);
        await UntilAsync(() => frozen.Made.Count >= 2);
        frozen.IsFrozen = true;
        await UntilAsync(() => Events<TimelineEvent.ShareTakenOver>(run).Count > 0);
        frozen.IsFrozen = false;
        var outcome = await run.Completion;

        var record = RunFolder.Read(run.Folder);
        Assert.Equal("b", Assert.Single(record.Events.OfType<TimelineEvent.WorkerHeard>()).Worker);
        Assert.Equal(1800, outcome.Summary.Requests.Asked);
        Assert.Equal(1800, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        Assert.Equal(record.Events.OfType<TimelineEvent.ShareUnsent>().Sum(e => e.Requests), outcome.Summary.Load.NotSent);
        Assert.Equal(Made, outcome.Summary.Requests.Sent);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_worker_that_nobody_hears_ends_by_its_lease_and_its_results_are_taken_when_they_come()
    {
        await WorkerAsync("a");
        var mute = await WorkerAsync("b");
        var run = await StartAsync("rate: 100/s, duration: 18s", workers: 2, Losing);
        await UntilAsync(() => mute.Made.Count >= 2);
        mute.IsMute = true;
        await UntilAsync(() => Events<TimelineEvent.ShareTakenOver>(run).Count > 0);
        mute.IsMute = false;
        var outcome = await run.Completion;

        var record = RunFolder.Read(run.Folder);
        var taken = record.Events.OfType<TimelineEvent.ShareTakenOver>().First();
        var heard = Assert.Single(record.Events.OfType<TimelineEvent.WorkerHeard>());
        Assert.True(heard.Seconds > 0, "No late seconds were taken.");
        Assert.Equal(0, record.Intervals.Count(i => i.Share == 1 && i.Second >= taken.At.TotalSeconds && i.Requests[0].Sent > 50));
        Assert.Equal(1800, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        Assert.Equal(Made, outcome.Summary.Requests.Sent);
    }
}
