using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster.Tests;

public sealed class TakeOverTests : CrewTest
{
    [Fact(Timeout = 120_000)]
    public async Task A_dead_workers_share_goes_on_at_another_and_what_nobody_made_is_counted()
    {
        await WorkerAsync("a");
        var dead = await WorkerAsync("b");
        var run = await StartAsync("rate: 100/s, duration: 16s", workers: 2, Losing);
        await UntilAsync(() => dead.Made.Count >= 2);
        dead.IsSilent = true;
        var outcome = await run.Completion;

        var record = RunFolder.Read(run.Folder);
        var lost = Assert.Single(record.Events.OfType<TimelineEvent.WorkerLost>());
        var taken = Assert.Single(record.Events.OfType<TimelineEvent.ShareTakenOver>());
        var unsent = Assert.Single(record.Events.OfType<TimelineEvent.ShareUnsent>());
        Assert.Equal(("b", "b", "a", "b"), (lost.Worker, taken.From, taken.To, unsent.Worker));
        Assert.InRange(lost.Silence, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(60));
        Assert.Equal(taken.At, unsent.Until);
        Assert.Equal(1600, outcome.Summary.Requests.Asked);
        Assert.Equal(1600 - unsent.Requests, outcome.Summary.Requests.Sent);
        // Every second start is its.
        Assert.InRange(unsent.Requests, ((unsent.Until - unsent.At).TotalSeconds * 50) - 1, ((unsent.Until - unsent.At).TotalSeconds * 50) + 1);
        Assert.Equal(outcome.Summary.Load.NotSent, unsent.Requests);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_spare_worker_is_taken_before_one_that_has_work()
    {
        await WorkerAsync("a");
        var dead = await WorkerAsync("b");
        var run = await StartAsync("rate: 100/s, duration: 16s", workers: 2, Losing);
        await WorkerAsync("c");
        await UntilAsync(() => dead.Made.Count >= 2);
        dead.IsSilent = true;
        await run.Completion;

        var record = RunFolder.Read(run.Folder);
        Assert.Equal(("b", "c"), Assert.Single(record.Events.OfType<TimelineEvent.ShareTakenOver>()) is var taken ? (taken.From, taken.To) : default);
    }

    [Fact(Timeout = 120_000)]
    public async Task When_nobody_is_left_the_run_ends_and_counts_what_was_not_sent()
    {
        var only = await WorkerAsync("a");
        var run = await StartAsync("rate: 100/s, duration: 30s", workers: 1, Losing);
        await UntilAsync(() => only.Made.Count >= 2);
        only.IsSilent = true;
        var outcome = await run.Completion;

        Assert.Equal(3000, outcome.Summary.Requests.Asked);
        Assert.Equal(3000, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        Assert.NotEqual(Verdict.Passed, outcome.Summary.Verdict);
    }
}
