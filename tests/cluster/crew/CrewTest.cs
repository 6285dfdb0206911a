using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>A bus, scripted workers on it, and runs over them.</summary>
public abstract class CrewTest : IAsyncLifetime
{
    /// <summary>Outlasts every stall of a busy machine: nobody is to be lost.</summary>
    private static readonly TimeSpan LongLease = TimeSpan.FromSeconds(20);

    private readonly TempFolder _temp = new();
    private readonly List<ScriptedWorker> _workers = [];

    private protected InProcessBus Bus { get; } = new();

    private protected IReadOnlyList<ScriptedWorker> Workers => _workers;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        await Bus.DisposeAsync();
        _temp.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A lease of workers that are to be lost: short enough to wait for, and no stall ends it in passing.</summary>
    private protected static WorkersWish Losing(WorkersWish wish) => wish with { Lease = TimeSpan.FromSeconds(5) };

    /// <summary>Sum of what all workers know to have sent.</summary>
    private protected long Made => _workers.SelectMany(w => w.MadeSoFar).Sum(i => i.Requests.Sum(r => r.Sent));

    protected string File(string name) => _temp.File(name);

    private protected async Task<ScriptedWorker> WorkerAsync(string name, Action<ScriptedWorker>? shape = null)
    {
        var worker = new ScriptedWorker(Bus, name);
        shape?.Invoke(worker);
        _workers.Add(await worker.StartAsync());
        return worker;
    }

    protected static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(20, Cancelled);
    }

    protected static IReadOnlyList<T> Events<T>(RunHandle run)
        where T : TimelineEvent => [.. RunFolder.ReadEvents(run.Folder).OfType<T>()];

    private protected async Task<RunHandle> StartAsync(string load, int workers, Func<WorkersWish, WorkersWish>? shape = null, IBus? bus = null)
    {
        var recruiting = await RecruitAsync(load, workers, shape, bus: bus);
        Assert.Empty(recruiting.Problems);
        return new Coordinator(TimeProvider.System).Start(recruiting.Crew!.Request.Run with { Crew = recruiting.Crew });
    }

    private protected Task<Recruiting> RecruitAsync(string load, int workers, Func<WorkersWish, WorkersWish>? shape = null, Func<CrewRequest, CrewRequest>? with = null, IBus? bus = null, string? folder = null, string more = "")
    {
        var text = $$"""
            name: crew
            target: http://127.0.0.1:9
            load: { {{load}} }
            hosts: []
            scenarios: [ { steps: [ { get: / } ] } ]
            thresholds: [ { http_req_failed: rate < 1% } ]
            {{more}}
            """;
        var read = folder is null ? PlanReader.Parse(text, "crew.yaml") : PlanReader.ParseIn(folder, text, "crew.yaml");
        Assert.Empty(read.Problems);
        var wish = new WorkersWish { Count = workers, Heartbeat = TimeSpan.FromMilliseconds(400), Lease = LongLease };
        var run = new RunRequest(read.Plan!, read.Text, File($"run{Guid.NewGuid():N}"), [], new ReportOptions(Html: false, Pdf: false));
        var request = new CrewRequest(bus ?? Bus, run, shape?.Invoke(wish) ?? wish) { PlanFolder = folder };
        return Crew.RecruitAsync(with?.Invoke(request) ?? request, TimeProvider.System, stop: Cancelled);
    }
}
