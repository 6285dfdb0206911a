using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>A bus in this process with a scripted coordinator, and workers as a test starts them.</summary>
internal sealed class WorkPlace : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<StartedWorker> _workers = [];

    private WorkPlace(InProcessBus bus, ScriptedCoordinator coordinator) => (Bus, Coordinator) = (bus, coordinator);

    public InProcessBus Bus { get; }

    public ScriptedCoordinator Coordinator { get; }

    public static async Task<WorkPlace> StartAsync(TimeSpan? lease = null)
    {
        var bus = new InProcessBus();
        return new(bus, await ScriptedCoordinator.StartAsync(bus, lease: lease));
    }

    public string FolderOf(string worker) => _folder.File(worker);

    public string ShareFolder(string worker, int share, int epoch) => Path.Combine(FolderOf(worker), "runs", ScriptedCoordinator.Run, $"share-{share}-{epoch}");

    public StartedWorker Start(string name, IBus? bus = null, TimeProvider? time = null, ShareEngine? engine = null, Func<WorkerOptions, WorkerOptions>? with = null)
    {
        var options = new WorkerOptions(name, FolderOf(name)) { CardEvery = TimeSpan.FromMilliseconds(100), AskAgain = TimeSpan.FromSeconds(2) };
        var (used, clock) = (with?.Invoke(options) ?? options, time ?? TimeProvider.System);
        var worker = engine is null ? new Worker(bus ?? Bus, used, clock) : new Worker(bus ?? Bus, used, clock) { Engine = engine };
        var started = new StartedWorker(worker);
        _workers.Add(started);
        return started;
    }

    /// <summary>Requests per second of a share that is pressed.</summary>
    public const int Rate = 20;

    /// <summary>Gives worker a a share, and returns when it has told of a second.</summary>
    public async Task PressAsync(CountingTarget target, int share = 0, int shares = 1, int seconds = 60)
    {
        await Coordinator.GiveAsync("a", Coordinator.Offer(Plans.Rate(target.Url, Rate, seconds), share, shares: shares));
        await Eventually.Holds(() => Coordinator.Seconds.Any(s => s.Head.Share == share));
    }

    /// <summary>Whatever ended it: what reached the target is what was told, but for what was on its way.</summary>
    public void AssertAccounts(CountingTarget target)
    {
        var sent = Coordinator.Seconds.Sum(s => s.Interval.Requests.Sum(r => r.Sent));
        Assert.InRange(target.Count, sent - Rate, sent);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.StopAsync();
            worker.Dispose();
        }
        await Coordinator.DisposeAsync();
        await Bus.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>A worker that runs until it is told to stop.</summary>
internal sealed class StartedWorker : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public StartedWorker(Worker worker)
    {
        Worker = worker;
        Ending = worker.RunAsync(_stop.Token);
    }

    public Worker Worker { get; }

    public Task<WorkerEnding> Ending { get; }

    public void Dispose() => _stop.Dispose();

    public async Task<WorkerEnding> StopAsync()
    {
        await _stop.CancelAsync();
        return await Ending;
    }
}

/// <summary>Plans for tests.</summary>
internal static class Plans
{
    public static string Rate(Uri target, int perSecond, int seconds) => $$"""
        name: shop
        target: {{target}}
        load: { rate: {{perSecond}}/s, duration: {{seconds}}s }
        scenarios:
          - name: home
            steps: [ { get: / } ]

        """;
}
