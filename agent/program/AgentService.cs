using Pressure.Record;

namespace Pressure.Agent.Program;

/// <summary>
/// A running agent, put together:
/// <code>
/// HostSampler ─┐                                  ┌─ LinkSession ◀──▶ centre
///              ├─▶ EntryIntake ─▶ EntryRing ─▶ AgentLink
/// GcWatch ─────┘                    (disk)        └─ AgentCommands
/// </code>
/// </summary>
internal sealed class AgentService : IServing, IAsyncDisposable
{
    private readonly string _data;
    private readonly AgentClock _clock;
    private readonly EntryIntake _intake;
    private readonly HostSampler _host;
    private readonly GcWatch _gc;
    private readonly LiveSettings _settings = new();
    private readonly SamplingLoop _loop;
    private readonly AgentLink _link;
    private readonly CancellationTokenSource _stop = new();
    private Task? _sampling;
    private EntryRing? _ring;

    /// <summary>Puts an agent together; nothing runs yet.</summary>
    /// <param name="identity">Who it is.</param>
    /// <param name="data">Its data folder.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="random">For back-off.</param>
    /// <param name="tell">Takes what people should know, from any thread.</param>
    /// <param name="replaces">The instance that this one takes the place of; null otherwise.</param>
    /// <param name="listeners">What collections can be heard of, for a clock; null for all that there are.</param>
    public AgentService(AgentIdentity identity, string data, TimeProvider time, Random random, Action<string> tell, Guid? replaces = null, Func<TimeProvider, IReadOnlyDictionary<GcRuntime, GcListen>>? listeners = null)
    {
        _data = data;
        _clock = new AgentClock(time);
        _intake = new EntryIntake(identity.Name, tell);
        _gc = new GcWatch(listeners is null ? GcListeners.All(_clock) : listeners(_clock), _intake, _clock);
        _host = new HostSampler(identity.Name, _clock, gcRates: _gc.Rates);
        _loop = new SamplingLoop(Sample, _settings, _clock, tell);
        _link = new AgentLink(new LinkOptions
        {
            Identity = identity,
            Servers = new AgentServers(identity.Server, data),
            Settings = _settings,
            Clock = _clock,
            Commands = Commands,
            Instance = Instance,
            Replaces = replaces,
            Version = ProgramVersion,
            Random = random,
            Tell = tell,
        });
        Commands.AddRange(AgentCommands.All(_settings, () => _host.Watched, _clock));
    }

    /// <summary>The program's version.</summary>
    public static string ProgramVersion => typeof(AgentService).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>This process.</summary>
    public Guid Instance { get; } = Guid.NewGuid();

    /// <summary>What the centre may ask for; complete before <see cref="RunAsync"/>.</summary>
    public List<IAgentCommand> Commands { get; } = [];

    /// <summary>Completes when the centre has let this process in.</summary>
    public Task Connected => _link.Connected;

    /// <summary>Where entries are kept within a data folder.</summary>
    public static string RingFolder(string data) => Path.Combine(data, "ring");

    /// <summary>Begins to look at the host, so that its first figures are there when the ring is; nothing is kept yet.</summary>
    public void Warm() => _sampling ??= Task.Run(() => _loop.RunAsync(_stop.Token), CancellationToken.None);

    /// <summary>Takes the ring, samples and sends, until told to leave.</summary>
    /// <param name="held">The data folder's lock; let go of in the end, or when a successor wants it.</param>
    /// <param name="leave">Leave: samples that are not sent are kept on disk.</param>
    public async Task RunAsync(RingLock held, CancellationToken leave)
    {
        Warm();
        Work(held);
        var link = _link.RunAsync(leave);
        // Whichever fails, fails the agent: one that only seems to work would be worse than one that is started anew.
        await await Task.WhenAny(link, _sampling!);
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync()
    {
        _intake.PutInto(null);
        await _link.ReleaseAsync();
        _ring?.Dispose();
        _ring = null;
    }

    /// <inheritdoc/>
    public async Task ResumeAsync() => Work(await RingLock.TakeAsync(_data, _clock, CancellationToken.None));

    /// <inheritdoc/>
    public void Leave() => _link.Finish();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_sampling is not null)
            await _sampling;
        await _gc.DisposeAsync();
        _intake.PutInto(null);
        _ring?.Dispose();
        _stop.Dispose();
    }

    private void Work(RingLock held)
    {
        _ring = EntryRing.Open(RingFolder(_data), RingOptions.Default, held);
        _intake.PutInto(_ring);
        _link.Send(_ring);
    }

    private void Sample()
    {
        _host.Patterns = _settings.Current.Processes;
        if (_host.Sample() is { } sample)
            _intake.Take(_clock.GetUtcNow(), sample);
        _gc.Watch(_host.Watched);
    }
}
