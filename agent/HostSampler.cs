using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Samples a host, and knows the processes worth listening to. One call at a time.</summary>
public sealed class HostSampler
{
    private readonly ProcessTable _processes;
    private readonly LocalHost _local;
    private readonly string _host;

    /// <param name="host">The host's name as plans have it.</param>
    /// <param name="time">Measures what has really passed between two calls.</param>
    /// <param name="roots">Where the host tells about itself; null for the usual places.</param>
    /// <param name="gcRates">What a process's runtime did with its memory since the last call, by the process's id; null if nobody listens.</param>
    public HostSampler(string host, TimeProvider time, HostRoots? roots = null, Func<int, GcRates?>? gcRates = null)
    {
        roots ??= HostRoots.Default;
        _host = host;
        _local = new LocalHost(time, roots.Proc);
        _processes = new ProcessTable(roots, new KernelFiles(), new ContainerTable(roots.Cgroup));
        _ = gcRates;
    }

    /// <summary>Processes to watch besides runtimes with a garbage collector: names or patterns with <c>*</c>. From any thread.</summary>
    public IReadOnlyList<string> Patterns { get; set; } = [];

    /// <summary>The watched processes as they stand; the list is replaced when they change. From any thread.</summary>
    public IReadOnlyList<WatchedProcess> Watched => _processes.Watched;

    /// <summary>A sample over the time since the last call, with <see cref="HostSample.At"/> zero; null when there is nothing to compare with yet.</summary>
    public HostSample? Sample()
    {
        _processes.Scan(Patterns);
        return _local.Sample(TimeSpan.Zero) is { } sample ? sample with { Host = _host } : null;
    }
}
