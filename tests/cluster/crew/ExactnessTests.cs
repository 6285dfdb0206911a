using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>Real workers and the real coordinator: whatever the number of workers, and whatever befalls them, what was asked for is the plan's, to the request.</summary>
public sealed class ExactnessTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly InProcessBus _bus = new();
    private readonly CountingTarget _target = new();
    private readonly List<StartedWorker> _workers = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.StopAsync();
            worker.Dispose();
        }
        await _target.DisposeAsync();
        await _bus.DisposeAsync();
        _temp.Dispose();
    }

    // Starts are counted in the second in which they were made: on a busy machine one slips into the next.
    [NeedsQuiet]
    [Fact(Timeout = 120_000)]
    public async Task Eight_workers_make_the_same_requests_as_one()
    {
        var one = await RunAsync(workers: 1, await StartAsync(1, 1));
        var eight = await RunAsync(workers: 8, await StartAsync(8, 7));

        Assert.Equal(one.Requests.Select(Counts), eight.Requests.Select(Counts));
        Assert.Equal(one.Asked, eight.Asked);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_worker_that_dies_on_the_way_costs_what_is_counted_and_nothing_else()
    {
        var way = new CuttableBus(_bus);
        _workers.Add(Worker("dies", way));
        await StartAsync(2, 2);
        var run = await BeginAsync(workers: 3, "rate: 130/s, duration: 20s", lease: TimeSpan.FromSeconds(5));
        await Eventually.Holds(() => run.Status.At > 4);
        way.IsCut = true;
        var outcome = await run.Completion;

        var record = RunFolder.Read(run.Folder);
        var unsent = record.Events.OfType<TimelineEvent.ShareUnsent>().Sum(e => e.Requests);
        Assert.Equal(20 * 130, record.Intervals.Sum(i => i.Requests.Sum(r => r.Asked)));
        Assert.Equal(20 * 130, outcome.Summary.Requests.Asked);
        Assert.Equal(20 * 130, outcome.Summary.Requests.Sent + outcome.Summary.Load.NotSent);
        Assert.Equal(unsent, outcome.Summary.Load.NotSent);
        Assert.Equal("dies", Assert.Single(record.Events.OfType<TimelineEvent.WorkerLost>()).Worker);
        var taken = Assert.Single(record.Events.OfType<TimelineEvent.ShareTakenOver>());
        // Nothing that the lost worker sent after its last word is known; all else is.
        Assert.InRange(_target.Count, outcome.Summary.Requests.Sent, outcome.Summary.Requests.Sent + unsent);
        Assert.Contains(record.Intervals, i => i.Share == taken.Share && i.Second >= taken.At.TotalSeconds && i.Requests.Sum(r => r.Sent) > 0);
        Assert.Equal(Verdict.Invalid, outcome.Summary.Verdict);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_change_of_the_load_holds_for_all_workers_from_one_moment_on()
    {
        await StartAsync(3, 3);
        var run = await BeginAsync(workers: 3, "rate: 60/s, duration: 7s");
        await Eventually.Holds(() => run.Status.At > 1);
        var steered = run.Steer(new SteeringChange.ToRate(new Rate(120, TimeSpan.FromSeconds(1))), "a test");
        Assert.True(steered.Changed);
        var outcome = await run.Completion;

        var record = RunFolder.Read(run.Folder);
        var expected = (60 * steered.At.TotalSeconds) + (120 * (7 - steered.At.TotalSeconds));
        Assert.InRange(outcome.Summary.Requests.Asked, (long)expected - 6, (long)expected + 6);
        Assert.Equal(_target.Count, outcome.Summary.Requests.Sent);
        var after = record.Intervals.Where(i => i.Second > steered.At.TotalSeconds + 0.5 && i.Second < 6).GroupBy(i => i.Second);
        Assert.All(after, second => Assert.Equal(120, second.Sum(i => i.Requests.Sum(r => r.Asked))));
    }

    private static string Counts((string Name, long Asked, long Sent, long Ok) request) => $"{request.Name}: {request.Asked} asked, {request.Sent} sent, {request.Ok} ok";

    // Runs are over when workers leave: one that is still cut off has nobody left to deliver to.
    private StartedWorker Worker(string name, IBus bus) =>
        new(new Worker(bus, new(name, Path.Combine(_temp.File("workers"), name)) { CardEvery = TimeSpan.FromMilliseconds(100), Leaving = TimeSpan.FromSeconds(1) }, TimeProvider.System));

    private Task<int> StartAsync(int count, int more)
    {
        for (var i = 0; i < more; i++)
            _workers.Add(Worker($"w{_workers.Count}", _bus));
        return Task.FromResult(count);
    }

    /// <summary>What was asked, sent and answered, by request; and what was asked in each second.</summary>
    private async Task<(List<(string Name, long Asked, long Sent, long Ok)> Requests, List<long> Asked)> RunAsync(int workers, int _)
    {
        var run = await BeginAsync(workers, "rate: 143/s, duration: 4s");
        await run.Completion;
        var record = RunFolder.Read(run.Folder);
        var requests = record.Manifest.Requests.Select((r, i) => (r.Name, record.Intervals.Sum(s => s.Requests[i].Asked), record.Intervals.Sum(s => s.Requests[i].Sent), record.Intervals.Sum(s => s.Requests[i].Ok)));
        var asked = record.Intervals.GroupBy(i => i.Second).OrderBy(g => g.Key).Select(g => g.Sum(i => i.IterationsStarted)).Where(n => n > 0);
        return ([.. requests], [.. asked]);
    }

    private async Task<RunHandle> BeginAsync(int workers, string load, TimeSpan? lease = null)
    {
        var read = PlanReader.Parse($$"""
            name: exact
            target: {{_target.Url}}
            load: { {{load}} }
            hosts: []
            scenarios:
              - { weight: 7, steps: [ { get: /item } ] }
              - { weight: 3, steps: [ { get: /cart } ] }
            thresholds: [ { http_req_failed: rate < 90% } ]
            """, "exact.yaml");
        Assert.Empty(read.Problems);
        var request = new RunRequest(read.Plan!, read.Text, _temp.File($"run{Guid.NewGuid():N}"), [], new ReportOptions(Html: false, Pdf: false));
        // The usual lease outlasts every stall of a busy machine.
        var wish = new WorkersWish { Count = workers, Heartbeat = TimeSpan.FromMilliseconds(600), Lease = lease ?? TimeSpan.FromSeconds(20) };
        var recruiting = await Crew.RecruitAsync(new CrewRequest(_bus, request, wish), TimeProvider.System, stop: TestContext.Current.CancellationToken);
        Assert.Empty(recruiting.Problems);
        return new Coordinator(TimeProvider.System).Start(request with { Crew = recruiting.Crew });
    }
}
