using Pressure.LoadGen;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>Real workers on a bus in this process, and runs over them.</summary>
public abstract class RealCrewTest : IAsyncLifetime
{
    /// <summary>Outlasts every stall of a busy machine: nobody is to be lost.</summary>
    private protected static readonly TimeSpan LongLease = TimeSpan.FromSeconds(20);

    /// <summary>Of a worker that is to be lost: short enough to wait for, and no stall ends it in passing.</summary>
    private protected static readonly TimeSpan ShortLease = TimeSpan.FromSeconds(5);

    private protected TempFolder Folder { get; } = new();

    private protected InProcessBus Bus { get; } = new();

    private protected List<StartedWorker> Workers { get; } = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var worker in Workers)
        {
            await worker.StopAsync();
            worker.Dispose();
        }
        await Bus.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Start(string name, IBus bus) =>
        Workers.Add(new(new Worker(bus, new(name, Path.Combine(Folder.File("workers"), name)) { CardEvery = TimeSpan.FromMilliseconds(100) }, TimeProvider.System)));

    private protected async Task<RunHandle> StartAsync(RunRequest request, int workers, string? planFolder = null, IBus? bus = null, TimeSpan? lease = null)
    {
        var wish = new WorkersWish { Count = workers, Heartbeat = TimeSpan.FromMilliseconds(400), Lease = lease ?? LongLease };
        var recruiting = await Crew.RecruitAsync(new CrewRequest(bus ?? Bus, request, wish) { PlanFolder = planFolder }, TimeProvider.System, stop: TestContext.Current.CancellationToken);
        Assert.Empty(recruiting.Problems);
        return new Coordinator(TimeProvider.System).Start(request with { Crew = recruiting.Crew });
    }
}
