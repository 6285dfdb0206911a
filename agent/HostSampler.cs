using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// Samples a host with its containers and watched processes, and knows the processes worth listening to. One call at a time. What the kernel does
/// not tell, or not to this user, is zero or null; entries that vanish while they are read are no error.
/// </summary>
public sealed class HostSampler
{
    /// <summary>Time between two looks for processes that have come or gone.</summary>
    private static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(2);

    private readonly string _host;
    private readonly TimeProvider _time;
    private readonly HostFigures _figures;
    private readonly ContainerTable _containers;
    private readonly ContainerFigures _containerFigures;
    private readonly EngineNames _names;
    private readonly ProcessTable _processes;
    private readonly ProcessFigures _processFigures;
    private readonly AgentMeter _self;
    private long? _scanned;

    /// <param name="host">The host's name as plans have it.</param>
    /// <param name="time">Measures what has really passed between two calls.</param>
    /// <param name="roots">Where the host tells about itself; null for the usual places.</param>
    /// <param name="gcRates">What a process's runtime did with its memory since the last call, by the process's id; null if nobody listens.</param>
    public HostSampler(string host, TimeProvider time, HostRoots? roots = null, Func<int, GcRates?>? gcRates = null)
        : this(host, time, roots ?? HostRoots.Default, gcRates, SocketDiagnosis.Count)
    {
    }

    internal HostSampler(string host, TimeProvider time, HostRoots roots, Func<int, GcRates?>? gcRates, Func<int[]?> countSockets)
    {
        _host = host;
        _time = time;
        var files = new KernelFiles();
        _figures = new HostFigures(files, roots.Proc, time, countSockets);
        _containers = new ContainerTable(roots.Cgroup);
        _containerFigures = new ContainerFigures(files, roots.Proc, time);
        _names = new EngineNames(roots.Engines, time);
        _processes = new ProcessTable(roots, files, _containers);
        _processFigures = new ProcessFigures(files, roots.Proc, time, gcRates);
        _self = new AgentMeter(files, roots.Proc, time);
    }

    /// <summary>Processes to watch besides runtimes with a garbage collector: names or patterns with <c>*</c>. From any thread.</summary>
    public IReadOnlyList<string> Patterns { get; set; } = [];

    /// <summary>The watched processes as they stand; the list is replaced when they change. From any thread.</summary>
    public IReadOnlyList<WatchedProcess> Watched => _processes.Watched;

    /// <summary>
    /// A sample over the time since the last call, with <see cref="HostSample.At"/> zero; null when there is nothing to compare with yet (the first
    /// call), or no time has passed. A container or process that is new is in it from the next sample on.
    /// </summary>
    public HostSample? Sample()
    {
        var sample = _figures.Sample(_host, TimeSpan.Zero);
        if (_scanned is not { } scanned || _time.GetElapsedTime(scanned) >= ScanEvery)
        {
            _scanned = _time.GetTimestamp();
            _processes.Scan(Patterns);
        }
        _names.Ask(_containers.Running);
        _processes.Publish();
        var containers = Containers();
        var processes = Processes();
        var self = _self.Use();
        return sample is null ? null : sample with { Containers = containers, Processes = processes, Agent = self };
    }

    private List<ContainerSample> Containers()
    {
        var samples = new List<ContainerSample>(_containers.Running.Count);
        foreach (var container in _containers.Running)
        {
            if (_containerFigures.Sample(container) is { } sample)
                samples.Add(sample);
        }
        return samples;
    }

    private List<ProcessSample> Processes()
    {
        var samples = new List<ProcessSample>(_processes.Sampled.Count);
        foreach (var process in _processes.Sampled)
        {
            if (_processFigures.Sample(process) is { } sample)
                samples.Add(sample);
        }
        return samples;
    }
}
