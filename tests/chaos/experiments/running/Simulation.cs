using System.Text.Json.Nodes;
using System.Threading.Channels;
using Pressure.Chaos.Tests.Probes;

namespace Pressure.Chaos.Tests.Experiments.Running;

/// <summary>A world in memory under a clock that is turned: containers a1 to an, an executor, guards, probes.</summary>
internal sealed class Simulation : IInventory, IGuard, IProbeFactory, IChaosTimeline
{
    private readonly TakenTimeline _timeline;

    public Simulation(int containers = 1)
    {
        Executor = new(Time);
        _timeline = new(new RunClock(Time));
        Candidates = [.. Enumerable.Range(1, containers).Select(i => new Candidate("local", new FaultTarget.Container($"{i:x64}", $"a{i}", "2026"))
        {
            Name = $"a{i}",
            Labels = new Dictionary<string, string> { ["pressure.chaos"] = "allow", ["app"] = "a" },
        })];
    }

    public FakeTime Time { get; } = new();

    public FakeExecutor Executor { get; }

    public List<Candidate> Candidates { get; }

    public List<StrikeRequest> Asked { get; } = [];

    public List<ExperimentStep> Steps { get; } = [];

    /// <summary>What probes see; by their kind.</summary>
    public Func<string, ProbeValue> Sees { get; set; } = _ => new(JsonValue.Create(true));

    public Func<StrikeRequest, GuardAnswer> Says { get; set; } = _ => new GuardAnswer.Permit();

    public Func<IFaultExecutor>? MakesExecutor { get; set; }

    public Exception? InventoryFails { get; set; }

    public string? Halted { get; set; }

    public string? StateFolder { get; init; }

    /// <summary>What the container engine tells; null where it is not heard.</summary>
    public Channel<EngineEvent>? Engine { get; init; }

    /// <summary>Permits that were given back.</summary>
    public List<string> GivenBack { get; } = [];

    public IAudit? Audit { get; init; }

    public string? Folder { get; set; }

    public RunClock Clock => _timeline.Clock;

    public IReadOnlyList<ProbeDescription> Kinds => SampleKinds.All.Probes;

    public IReadOnlyList<TimelineEvent> Told => _timeline.Told;

    /// <summary>Events without their texts: <c>FaultOn a1 @0</c>.</summary>
    public IReadOnlyList<string> Lines => [.. Told.Select(e => $"{e.GetType().Name} {e.Target} @{e.At.TotalSeconds:0.###}")];

    public ExperimentOutcome Run(string text, params (double At, Action Do)[] at)
    {
        using var stop = new CancellationTokenSource();
        Stop = stop.Cancel;
        var world = new ChaosWorld
        {
            Time = Time,
            Random = new(1),
            Inventory = this,
            Protection = Protection.Usual,
            Guard = this,
            Executor = (_, _, _) => Task.FromResult(MakesExecutor?.Invoke() ?? Executor),
            Probes = this,
            Timeline = this,
            StateFolder = StateFolder,
            Audit = Audit,
            EngineEvents = Engine is null ? null : (_, stop) => Engine.Reader.ReadAllAsync(stop),
        };
        var experiment = SampleKinds.Read(text, ("TOKEN", "s3cret-t0ken"));
        return new TurnedContext(Time).Run(() => new ExperimentRunner(world) { Told = Steps.Add }.RunAsync(experiment, "test", stop.Token), [.. at.Select(a => (TimeSpan.FromSeconds(a.At), a.Do))]);
    }

    /// <summary>Stops the run.</summary>
    public Action Stop { get; private set; } = () => { };

    public Task<IReadOnlyList<Candidate>> ListAsync(TargetSelector selector, CancellationToken stop) =>
        InventoryFails is { } e ? throw e : Task.FromResult<IReadOnlyList<Candidate>>([.. Candidates]);

    public Task<GuardAnswer> AskAsync(StrikeRequest request, CancellationToken stop)
    {
        Asked.Add(request);
        return Task.FromResult(Says(request));
    }

    public Task EndedAsync(GuardAnswer.Permit permit)
    {
        GivenBack.Add(permit.Deed);
        return Task.CompletedTask;
    }

    public IProbe Create(Provider.Probe provider) => new Looking(this, provider.Kind);

    public void Tell(TimelineEvent what) => _timeline.Tell(what);

    private sealed class Looking(Simulation world, string kind) : IProbe
    {
        public Task<ProbeValue> AskAsync(CancellationToken stop) => Task.FromResult(world.Sees(kind));
    }
}
