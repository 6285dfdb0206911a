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

    private async Task<ScriptedWorker> WorkerAsync(string name, Action<ScriptedWorker>? shape = null)
    {
        var worker = new ScriptedWorker(_bus, name);
        shape?.Invoke(worker);
        _workers.Add(await worker.StartAsync());
        return worker;
    }

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
