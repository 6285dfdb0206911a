namespace Pressure.Faults.Tests.Executor;

/// <summary>A runner with one fault, a folder and a clock that a test turns.</summary>
internal sealed class RunnerBench : IAsyncDisposable
{
    public static readonly FaultOrder Order = new("noted", new FaultTarget.Host("here"), TimeSpan.FromSeconds(30)) { Experiment = "e1", By = "me" };

    private readonly TempFolder _folder = new();

    public RunnerBench()
    {
        Clock = new FaultClock(Time, () => TimeSpan.FromTicks(Time.GetTimestamp()), "this boot");
        Journal = new FaultJournal(_folder.File("state"));
        Runner = new FaultRunner("local", [Fault], Journal, Clock);
    }

    public FakeTime Time { get; } = new();

    public NotedFault Fault { get; } = new();

    public FaultClock Clock { get; }

    public FaultJournal Journal { get; }

    public FaultRunner Runner { get; }

    public GlobalStop Halt => new(Journal.Folder);

    public RunningExperiments Experiments => new(Journal.Folder);

    public string Folder => Journal.Folder;

    public async Task<FaultStart.InForce> StartedAsync() => Assert.IsType<FaultStart.InForce>(await Runner.StartAsync(Order, CancellationToken.None));

    /// <summary>Turns the clock until something has come true; what waits on it runs in between.</summary>
    /// <param name="done">What is to come true.</param>
    /// <param name="step">How far it is turned at once.</param>
    /// <param name="pause">Real milliseconds between two turns.</param>
    public async Task<T> TurnUntilAsync<T>(Task<T> done, TimeSpan? step = null, int pause = 1)
    {
        for (var turns = 0; !done.IsCompleted; turns++)
        {
            Assert.True(turns < 5_000, "It does not come true.");
            Time.Advance(step ?? TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(done, Task.Delay(pause));
        }
        return await done;
    }

    /// <summary>The same, with so much time between two turns that a busy machine needs few of them: for what is to come true within seconds of the clock.</summary>
    public Task<T> TurnSlowlyUntilAsync<T>(Task<T> done) => TurnUntilAsync(done, pause: 100);

    public async ValueTask DisposeAsync()
    {
        var closing = Runner.DisposeAsync().AsTask();
        await TurnUntilAsync(closing.ContinueWith(_ => true, TaskScheduler.Default));
        await closing;
        _folder.Dispose();
    }
}
