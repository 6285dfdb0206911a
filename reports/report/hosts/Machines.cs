using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Everything that was sampled in a run: hosts, their containers, their watched processes and what these collected.</summary>
internal sealed class Machines : IHostSink
{
    /// <summary>Points in time that are kept of each figure: of a longer run the highest values of several seconds.</summary>
    private const int MostPoints = 7_200;

    /// <summary>The label of a host that names the service it works for.</summary>
    public const string ServiceLabel = "service";

    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    private readonly Dictionary<string, HostTrack> _hosts = [];
    private readonly Dictionary<(string Host, string Id), ContainerTrack> _containers = [];
    private readonly Dictionary<(string Host, int Pid, string Name), ProcessTrack> _processes = [];
    private readonly Func<int, bool> _counts;
    private readonly int _step;

    public Machines(RunManifest manifest, Func<int, bool> counts)
    {
        _counts = counts;
        _step = Math.Max(1, (int)Math.Ceiling(manifest.Duration.TotalSeconds / MostPoints));
        foreach (var agent in manifest.Agents)
            _hosts[agent.Name] = new(agent, counts, _step);
        foreach (var name in manifest.Hosts)
            Host(name);
    }

    public static Machines Of(RunRecord run, MeasuredRun measured)
    {
        var machines = new Machines(run.Manifest, measured.Counts);
        foreach (var sample in run.Hosts)
            machines.Take(sample);
        foreach (var collection in run.Gc)
            machines.Take(collection);
        return machines;
    }

    /// <summary>By name.</summary>
    public IEnumerable<HostTrack> Hosts => _hosts.Values.OrderBy(h => h.Name, StringComparer.Ordinal);

    /// <summary>By host and name.</summary>
    public IEnumerable<ContainerTrack> Containers => _containers.Values.OrderBy(c => c.Host.Name, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal);

    /// <summary>By host, name and id.</summary>
    public IEnumerable<ProcessTrack> Processes => _processes.Values.OrderBy(p => p.Host.Name, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Pid);

    /// <summary>Services that anything sampled belongs to, by name.</summary>
    public IEnumerable<string> Services => Hosts.Select(h => h.Service).Concat(Containers.Select(c => c.Service)).Concat(Processes.Select(p => p.Service))
        .OfType<string>().Distinct().Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Take(HostSample sample)
    {
        var host = Host(sample.Host);
        host.Take(sample);
        foreach (var container in sample.Containers ?? [])
        {
            if (!_containers.TryGetValue((sample.Host, container.Id), out var track))
                _containers[(sample.Host, container.Id)] = track = new(host, container, _counts, _step);
            track.Take(sample, container);
        }
        foreach (var process in sample.Processes ?? [])
            Process(host, process.Pid, process.Name, process.Container, process.Service).Take(sample, process);
    }

    /// <inheritdoc/>
    public void Take(GcEvent gc) => Process(Host(gc.Host), gc.Pid, gc.Process, gc.Container, gc.Service).Take(gc);

    /// <inheritdoc/>
    public void Tell(TimelineEvent what)
    {
    }

    private HostTrack Host(string name)
    {
        if (!_hosts.TryGetValue(name, out var host))
            _hosts[name] = host = new(new(name, NoLabels), _counts, _step);
        return host;
    }

    private ProcessTrack Process(HostTrack host, int pid, string name, string? container, string? service)
    {
        if (_processes.TryGetValue((host.Name, pid, name), out var track))
            return track;
        service ??= _containers.Values.FirstOrDefault(c => c.Host == host && c.Name == container)?.Service ?? host.Service;
        return _processes[(host.Name, pid, name)] = new(host, pid, name, container, service, _counts, _step);
    }
}
