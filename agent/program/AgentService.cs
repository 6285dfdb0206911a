using Pressure.Record;

namespace Pressure.Agent.Program;

/// <summary>A running agent: what samples, what keeps, and what sends, put together.</summary>
internal sealed class AgentService : IAsyncDisposable
{
    private readonly EntryRing _ring;
    private readonly SamplingLoop _sampling;
    private readonly AgentLink _link;

    private AgentService(EntryRing ring, SamplingLoop sampling, AgentLink link) => (_ring, _sampling, _link) = (ring, sampling, link);

    /// <summary>Where entries are kept within a data folder.</summary>
    public static string RingFolder(string data) => Path.Combine(data, "ring");

    /// <summary>Puts an agent together.</summary>
    /// <param name="identity">Who it is.</param>
    /// <param name="data">Its data folder.</param>
    /// <param name="held">The folder's lock; given back with the agent's end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For back-off.</param>
    /// <param name="tell">Takes what people should know, from any thread.</param>
    /// <param name="replaces">The instance that this one takes the place of.</param>
    public static AgentService Start(AgentIdentity identity, string data, RingLock held, TimeProvider time, Random random, Action<string> tell, Guid? replaces = null)
    {
        var ring = EntryRing.Open(RingFolder(data), RingOptions.Default, held);
        var settings = new LiveSettings();
        var clock = new AgentClock(time);
        var host = new LocalHost(time);
        var sampling = new SamplingLoop(() => host.Sample(TimeSpan.Zero) is { } s ? Counted(s with { Host = identity.Name }, ring) : null, ring.Append, settings, clock, time, tell);
        var link = new AgentLink(new LinkOptions
        {
            Identity = identity,
            Ring = ring,
            Settings = settings,
            Clock = clock,
            Commands = AgentCommands.All(settings, () => [], time),
            Instance = Guid.NewGuid(),
            Replaces = replaces,
            Version = ProgramVersion,
            Time = time,
            Random = random,
            Tell = tell,
        });
        return new AgentService(ring, sampling, link);
    }

    /// <summary>The program's version.</summary>
    public static string ProgramVersion => typeof(AgentService).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Samples and sends until told to leave, or to drain: then nothing is sampled any more, but commands under way may finish.</summary>
    public async Task RunAsync(CancellationToken drain, CancellationToken leave)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(drain, leave);
        var sampling = Task.Run(() => _sampling.RunAsync(stop.Token), CancellationToken.None);
        var link = _link.RunAsync(drain, leave);
        // Whichever fails, fails the agent: one that only seems to work would be worse than one that is started anew.
        await await Task.WhenAny(sampling, link);
        await Task.WhenAll(sampling, link);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _ring.Dispose();
        return ValueTask.CompletedTask;
    }

    private static HostSample Counted(HostSample sample, EntryRing ring) =>
        sample.Agent is { } use ? sample with { Agent = use with { Dropped = ring.Dropped } } : sample;
}
