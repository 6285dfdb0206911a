using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster.Tests;

/// <summary>A coordinator is killed: from its way to the bus being cut on nothing of it counts, and its run folder is what it was at that moment.</summary>
public sealed class CoordinatorReturnTests : CrewTest
{
    [Fact(Timeout = 120_000)]
    public async Task A_coordinator_that_comes_back_within_the_lease_finishes_the_run_and_nothing_is_missing()
    {
        await WorkerAsync("a");
        await WorkerAsync("b");
        var (folder, bus) = await StartAsync("rate: 100/s, duration: 8s", lease: 20);
        await UntilAsync(() => Workers.All(w => w.MadeSoFar.Count >= 2));
        var killed = await KillAsync(folder, bus);
        await UntilAsync(() => Workers.All(w => w.MadeSoFar.Count >= 4));
        var resuming = await ResumeAsync(killed);
        var outcome = await resuming.Run!.Completion;

        var record = RunFolder.Read(killed);
        Assert.True(outcome.Summary.Verdict == Verdict.Passed, outcome.Summary.Reason);
        Assert.Equal((800, 800, 0), (outcome.Summary.Requests.Asked, outcome.Summary.Requests.Sent, outcome.Summary.Load.NotSent));
        Assert.Equal(16, record.Intervals.Count);
        Assert.Single(record.Events.OfType<TimelineEvent.CoordinatorReturned>());
        Assert.Single(record.Events.OfType<TimelineEvent.RunStarted>());
        Assert.Empty(record.Events.OfType<TimelineEvent.WorkerLost>());
    }

    [Fact(Timeout = 120_000)]
    public async Task Workers_whose_lease_ran_out_meanwhile_go_on_and_the_time_between_is_counted()
    {
        await WorkerAsync("a");
        await WorkerAsync("b");
        var (folder, bus) = await StartAsync("rate: 100/s, duration: 20s", lease: 5);
        await UntilAsync(() => Workers.All(w => w.MadeSoFar.Count >= 2));
        var killed = await KillAsync(folder, bus);
        await UntilAsync(() => Workers.All(w => w.Ended >= 1));
        var resuming = await ResumeAsync(killed);
        var outcome = await resuming.Run!.Completion;

        Assert.Equal(2000, outcome.Summary.Requests.Asked);
        Assert.Equal(Made, outcome.Summary.Requests.Sent);
        Assert.Equal(2000, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        var record = RunFolder.Read(killed);
        Assert.Equal([0, 1], record.Events.OfType<TimelineEvent.ShareTakenOver>().Select(e => e.Share).Distinct().Order());
        Assert.Equal(outcome.Summary.Load.NotSent, record.Events.OfType<TimelineEvent.ShareUnsent>().Sum(e => e.Requests));
        Assert.InRange(outcome.Summary.Load.NotSent, 1, 1600);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_worker_that_died_while_nobody_led_is_replaced()
    {
        await WorkerAsync("a");
        var dead = await WorkerAsync("b");
        var (folder, bus) = await StartAsync("rate: 100/s, duration: 20s", lease: 5);
        await UntilAsync(() => Workers.All(w => w.MadeSoFar.Count >= 2));
        var killed = await KillAsync(folder, bus);
        dead.IsSilent = true;
        var resuming = await ResumeAsync(killed);
        var outcome = await resuming.Run!.Completion;

        Assert.Equal(2000, outcome.Summary.Requests.Asked);
        Assert.Equal(2000, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        Assert.Contains(RunFolder.Read(killed).Events.OfType<TimelineEvent.ShareTakenOver>(), e => (e.From, e.To) == ("b", "a"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_run_that_is_over_or_had_no_workers_is_not_gone_on_with()
    {
        await WorkerAsync("a");
        var run = await StartAsync("rate: 10/s, duration: 1s", workers: 1);
        await run.Completion;
        Assert.Contains("is over", Assert.Single((await ResumeAsync(run.Folder)).Problems).Message, StringComparison.Ordinal);
        Assert.Contains("not a run folder", Assert.Single((await ResumeAsync(File("nowhere"))).Problems).Message, StringComparison.Ordinal);
    }

    private Task<Resuming> ResumeAsync(string folder) =>
        new Coordinator(TimeProvider.System).ResumeAsync(new ResumeRequest(folder, Bus, new ReportOptions(Html: false, Pdf: false)), Cancelled);

    private async Task<(string Folder, KillableBus Bus)> StartAsync(string load, int lease)
    {
        var bus = new KillableBus(Bus);
        var run = await StartAsync(load, workers: 2, w => w with { Lease = TimeSpan.FromSeconds(lease) }, bus);
        return (run.Folder, bus);
    }

    /// <summary>The folder as the coordinator left it.</summary>
    private async Task<string> KillAsync(string folder, KillableBus bus)
    {
        await bus.CutAsync();
        var copy = Directory.CreateDirectory(File("killed")).FullName;
        foreach (var file in Directory.GetFiles(folder).Where(f => !f.EndsWith(".sock", StringComparison.Ordinal)))
            System.IO.File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }
}
