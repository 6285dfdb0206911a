using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster.Tests;

public sealed class CrewRunTests : CrewTest
{
    [Fact(Timeout = 120_000)]
    public async Task Two_workers_make_one_run_and_every_start_is_made_once()
    {
        await WorkerAsync("a");
        await WorkerAsync("b");
        var run = await StartAsync("rate: 101/s, duration: 4s", workers: 2);
        var outcome = await run.Completion;

        Assert.True(outcome.Summary.Verdict == Verdict.Passed, outcome.Summary.Reason);
        Assert.Equal((404, 404, 0), (outcome.Summary.Requests.Asked, outcome.Summary.Requests.Sent, outcome.Summary.Load.NotSent));
        var record = RunFolder.Read(run.Folder);
        Assert.Equal([0, 1], record.Intervals.Select(i => i.Share).Distinct().Order());
        Assert.Equal(["a", "b"], record.Generator.Select(g => g.Worker!).Distinct().Order());
        Assert.Equal(["a", "b"], record.Manifest.Crew!.Workers.Select(w => w.Name));
        Assert.Equal([1, 1], record.Manifest.Crew.Weights);
        Assert.All(record.Manifest.Crew.Workers, w => Assert.Equal(TimeSpan.FromMilliseconds(1), w.ClockUncertainty));
        Assert.Equal(
            [typeof(TimelineEvent.RunStarted), typeof(TimelineEvent.LoadEnded), typeof(TimelineEvent.RunEnded)],
            record.Events.Select(e => e.GetType()));
    }

    [Fact(Timeout = 120_000)]
    public async Task Seconds_that_come_twice_count_once_and_nonsense_goes_to_the_dead_letters()
    {
        await WorkerAsync("a", w => w.Send = (second, interval) =>
        [
            MessageBody.Write(MessageKinds.Second, second, interval), MessageBody.Write(MessageKinds.Second, second, interval),
        ]);
        await WorkerAsync("b", w => w.Send = (second, interval) =>
        [
            new BusMessage(MessageKinds.Second, new byte[] { 1, 2, 3 }), new BusMessage("riddle", MessageBody.Write("riddle", second).Body),
            MessageBody.Write(MessageKinds.Second, second, interval.AsSpan(0, 5)), MessageBody.Write(MessageKinds.Second, second with { Epoch = 7 }, interval), MessageBody.Write(MessageKinds.Second, second, interval),
        ]);
        var run = await StartAsync("rate: 100/s, duration: 3s", workers: 2);
        var outcome = await run.Completion;

        Assert.Equal((300, 300), (outcome.Summary.Requests.Asked, outcome.Summary.Requests.Sent));
        Assert.Equal(4 * 3, Bus.Counts.Refused);
        Assert.Contains("12 messages", Assert.Single(RunFolder.Read(run.Folder).Events.OfType<TimelineEvent.DataLost>()).Cause, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_stop_reaches_every_worker()
    {
        var a = await WorkerAsync("a");
        var b = await WorkerAsync("b");
        var run = await StartAsync("rate: 100/s, duration: 60s", workers: 2);
        await UntilAsync(() => a.Made.Count >= 1 && b.Made.Count >= 1);
        run.Stop("a test");
        var outcome = await run.Completion;

        Assert.Equal(Verdict.Stopped, outcome.Summary.Verdict);
        Assert.True(a.LastOrders.Stop && b.LastOrders.Stop);
        Assert.Equal(0, outcome.Summary.Load.NotSent);
        Assert.Equal(Made, outcome.Summary.Requests.Sent);
    }
}
