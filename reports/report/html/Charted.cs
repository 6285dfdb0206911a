namespace Pressure.Reports;

/// <summary>The subjects that a report draws: of many, those that came nearest to their limits. All of them stand in the table of water levels.</summary>
internal sealed class Charted
{
    public const int MostHosts = 4, MostContainers = 6, MostProcesses = 6, MostServices = 6, MostWorkers = 6;

    private readonly List<TrackTable> _tables = [];
    private readonly Dictionary<object, int> _places = [];

    public Charted(ReportModel model)
    {
        var machines = model.Machines;
        var grid = TimeGrid.Of(model.Seconds);
        HostsInAll = machines.Hosts.Count(h => h["busy"] is not null);
        Hosts = Nearest(machines.Hosts.Where(h => h["busy"] is not null), MostHosts, h => Peak(h, "busy", "memory"));
        Containers = Nearest(machines.Containers, MostContainers, c => Peak(c, "cpuShare", "memoryShare"));
        ContainersInAll = machines.Containers.Count();
        // Who collects most comes before who is merely busy: that is what can't be seen elsewhere.
        Processes = Nearest(machines.Processes, MostProcesses, p => (p.Gc?.PauseTotal.TotalSeconds ?? 0) + Peak(p, "cpuShare", "memoryShare"));
        ProcessesInAll = machines.Processes.Count();
        Collected = [.. Processes.Where(p => p.Gc is { PauseTotal.Ticks: > 0 })];
        foreach (var host in Hosts)
            Add(host, TrackColumns.Of(HostSection.Title(host.Name, model), host, grid));
        foreach (var container in Containers)
            Add(container, TrackColumns.Of(Unique(container.Name, container.Host.Name), container, grid));
        foreach (var process in Processes)
            Add(process, TrackColumns.Of(Unique(process.Name, process.Container ?? process.Host.Name), process, grid));
        Makers = model.Crew is not { } crew ? [] : crew.Workers.Count <= MostWorkers ? crew.Workers : crew.Regions.Count is > 1 and <= MostWorkers ? crew.Regions : [];
        Latest = model.Crew is { } all ? Nearest(all.Workers, MostWorkers, w => w.Late.Max() ?? 0) : [];
        foreach (var worker in Makers.OfType<WorkerTrack>().Union(Latest))
            Add(worker, TrackColumns.Of(Unique(worker.Name, worker.Manifest.Region), worker));
        foreach (var region in Makers.OfType<RegionTrack>())
            Add(region, TrackColumns.Of(Unique(region.Name.Length > 0 ? region.Name : "–", ""), region));
        Services = ServicesOf(model);
        foreach (var service in Services.Where(s => model.Manifest.Requests.Any(r => r.Service == s)))
            Add(service, TrackColumns.Of(service, model.Run, grid));
    }

    public IReadOnlyList<HostTrack> Hosts { get; }

    public int HostsInAll { get; }

    public IReadOnlyList<ContainerTrack> Containers { get; }

    public int ContainersInAll { get; }

    public IReadOnlyList<ProcessTrack> Processes { get; }

    public int ProcessesInAll { get; }

    /// <summary>Those of the processes that were ever stopped for a collection.</summary>
    public IReadOnlyList<ProcessTrack> Collected { get; }

    /// <summary>Who made the load: the workers if they are few, else their regions; none when these are many too, or when one process made it.</summary>
    public IReadOnlyList<object> Makers { get; }

    /// <summary>The workers that were latest at any time.</summary>
    public IReadOnlyList<WorkerTrack> Latest { get; }

    /// <summary>Services that something charted belongs to.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>What the charts draw, by place.</summary>
    public IReadOnlyList<TrackTable> Tables => _tables;

    /// <summary>Where a subject stands among <see cref="Tables"/>; null if it is not drawn.</summary>
    public int? PlaceOf(object subject) => _places.TryGetValue(subject, out var place) ? place : null;

    private void Add(object subject, TrackTable table)
    {
        _places[subject] = _tables.Count;
        _tables.Add(table);
    }

    private string Unique(string name, string where)
    {
        var full = _tables.Any(t => t.Name == name) ? $"{name} · {where}" : name;
        for (var n = 2; _tables.Any(t => t.Name == full); n++)
            full = $"{name} · {where} · {n}";
        return full;
    }

    private List<string> ServicesOf(ReportModel model)
    {
        var labelled = Hosts.Select(h => h.Service).Concat(Containers.Select(c => c.Service)).Concat(Processes.Select(p => p.Service)).OfType<string>().ToHashSet();
        return [.. model.Summary.ByService.Where(s => labelled.Contains(s.Name)).OrderByDescending(s => s.Cpu?.Peak ?? 0).Take(MostServices).OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => s.Name)];
    }

    private static double Peak<T>(Track<T> track, params string[] keys) => keys.Max(k => track[k]?.Peak ?? 0);

    /// <summary>The highest ones, in the order in which they came.</summary>
    private static List<TSubject> Nearest<TSubject>(IEnumerable<TSubject> all, int most, Func<TSubject, double> level)
        where TSubject : class
    {
        var every = all.ToList();
        var kept = every.OrderByDescending(level).Take(most).ToHashSet();
        return [.. every.Where(kept.Contains)];
    }
}
