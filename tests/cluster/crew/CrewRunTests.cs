using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

public sealed class CrewRunTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly InProcessBus _bus = new();
    private readonly List<ScriptedWorker> _workers = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        await _bus.DisposeAsync();
        _temp.Dispose();
    }

    [Fact(Timeout = 60_000)]
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

    [Fact(Timeout = 60_000)]
    public async Task A_dead_workers_share_goes_on_at_another_and_what_nobody_made_is_counted()
    {
        await WorkerAsync("a");
        var dead = await WorkerAsync("b");
        var run = await StartAsync("rate: 100/s, duration: 8s", workers: 2);
        await UntilAsync(() => dead.Made.Count >= 2);
        dead.IsSilent = true;
        var outcome = await run.Completion;

        var record = RunFolder.Read(run.Folder);
        var lost = Assert.Single(record.Events.OfType<TimelineEvent.WorkerLost>());
        var taken = Assert.Single(record.Events.OfType<TimelineEvent.ShareTakenOver>());
        var unsent = Assert.Single(record.Events.OfType<TimelineEvent.ShareUnsent>());
        Assert.Equal(("b", "b", "a", "b"), (lost.Worker, taken.From, taken.To, unsent.Worker));
        Assert.InRange(lost.Silence, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.Equal(taken.At, unsent.Until);
        Assert.Equal(800, outcome.Summary.Requests.Asked);
        Assert.Equal(800 - unsent.Requests, outcome.Summary.Requests.Sent);
        Assert.Equal((int)(unsent.Until - unsent.At).TotalSeconds * 50, unsent.Requests);
        Assert.Equal(outcome.Summary.Load.NotSent, unsent.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_spare_worker_is_taken_before_one_that_has_work()
    {
        await WorkerAsync("a");
        var dead = await WorkerAsync("b");
        var run = await StartAsync("rate: 100/s, duration: 8s", workers: 2);
        await WorkerAsync("c");
        await UntilAsync(() => dead.Made.Count >= 2);
        dead.IsSilent = true;
        await run.Completion;

        var record = RunFolder.Read(run.Folder);
        Assert.Equal(("b", "c"), Assert.Single(record.Events.OfType<TimelineEvent.ShareTakenOver>()) is var taken ? (taken.From, taken.To) : default);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_frozen_worker_that_wakes_up_brings_along_what_it_made_before_its_lease_ended()
    {
        await WorkerAsync("a");
        var frozen = await WorkerAsync("b");
        var run = await StartAsync("rate: 100/s, duration: 10s", workers: 2);
        await UntilAsync(() => frozen.Made.Count >= 2);
        frozen.IsFrozen = true;
        await UntilAsync(() => Events<TimelineEvent.ShareTakenOver>(run).Count > 0);
        frozen.IsFrozen = false;
        var outcome = await run.Completion;

        var record = RunFolder.Read(run.Folder);
        Assert.Equal("b", Assert.Single(record.Events.OfType<TimelineEvent.WorkerHeard>()).Worker);
        Assert.Equal(1000, outcome.Summary.Requests.Asked);
        Assert.Equal(1000, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        Assert.Equal(record.Events.OfType<TimelineEvent.ShareUnsent>().Sum(e => e.Requests), outcome.Summary.Load.NotSent);
        Assert.Equal(frozen.Made.Concat(_workers[0].Made).Sum(i => i.Requests[0].Sent), outcome.Summary.Requests.Sent);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_nobody_hears_ends_by_its_lease_and_its_results_are_taken_when_they_come()
    {
        await WorkerAsync("a");
        var mute = await WorkerAsync("b");
        var run = await StartAsync("rate: 100/s, duration: 10s", workers: 2);
        await UntilAsync(() => mute.Made.Count >= 2);
        mute.IsMute = true;
        await UntilAsync(() => Events<TimelineEvent.ShareTakenOver>(run).Count > 0);
        var made = mute.Made.Count;
        mute.IsMute = false;
        var outcome = await run.Completion;

        var record = RunFolder.Read(run.Folder);
        var taken = record.Events.OfType<TimelineEvent.ShareTakenOver>().First();
        var heard = Assert.Single(record.Events.OfType<TimelineEvent.WorkerHeard>());
        Assert.True(heard.Seconds > 0, "No late seconds were taken.");
        Assert.Equal(0, record.Intervals.Count(i => i.Share == 1 && i.Second >= taken.At.TotalSeconds && i.Requests[0].Sent > 50));
        Assert.Equal(1000, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        Assert.Equal(_workers.SelectMany(w => w.Made).Sum(i => i.Requests[0].Sent), outcome.Summary.Requests.Sent);
    }

    [Fact(Timeout = 60_000)]
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
        Assert.Equal(4 * 3, _bus.Counts.Refused);
        Assert.Contains("12 messages", Assert.Single(RunFolder.Read(run.Folder).Events.OfType<TimelineEvent.DataLost>()).Cause, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
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
        Assert.Equal(_workers.SelectMany(w => w.Made).Sum(i => i.Requests[0].Sent), outcome.Summary.Requests.Sent);
    }

    [Fact(Timeout = 60_000)]
    public async Task When_nobody_is_left_the_run_ends_and_counts_what_was_not_sent()
    {
        var only = await WorkerAsync("a");
        var run = await StartAsync("rate: 100/s, duration: 30s", workers: 1);
        await UntilAsync(() => only.Made.Count >= 2);
        only.IsSilent = true;
        var outcome = await run.Completion;

        Assert.Equal(3000, outcome.Summary.Requests.Asked);
        Assert.Equal(3000, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        Assert.NotEqual(Verdict.Passed, outcome.Summary.Verdict);
    }

    private async Task<ScriptedWorker> WorkerAsync(string name, Action<ScriptedWorker>? shape = null)
    {
        var worker = new ScriptedWorker(_bus, name);
        shape?.Invoke(worker);
        _workers.Add(await worker.StartAsync());
        return worker;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(20, Cancelled);
    }

    private static List<T> Events<T>(RunHandle run)
        where T : TimelineEvent => [.. RunFolder.ReadEvents(run.Folder).OfType<T>()];

    private async Task<RunHandle> StartAsync(string load, int workers, Func<WorkersWish, WorkersWish>? shape = null)
    {
        var read = PlanReader.Parse($$"""
            name: crew
            target: http://127.0.0.1:9
            load: { {{load}} }
            hosts: []
            scenarios: [ { steps: [ { get: / } ] } ]
            thresholds: [ { http_req_failed: rate < 1% } ]
            """, "crew.yaml");
        Assert.Empty(read.Problems);
        var wish = new WorkersWish { Count = workers, Heartbeat = TimeSpan.FromMilliseconds(400) };
        var request = new RunRequest(read.Plan!, read.Text, _temp.File($"run{Guid.NewGuid():N}"), [], new ReportOptions(Pdf: false));
        var recruiting = await Crew.RecruitAsync(new CrewRequest(_bus, request, shape?.Invoke(wish) ?? wish), TimeProvider.System, stop: Cancelled);
        Assert.Empty(recruiting.Problems);
        return new Coordinator(TimeProvider.System).Start(request with { Crew = recruiting.Crew });
    }
}
