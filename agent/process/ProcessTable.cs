using System.Globalization;
using System.IO.Enumeration;

namespace Pressure.Agent;

/// <summary>
/// The processes of a host: finds those worth watching and the container that each is in. A process is looked at when it is new and then ever more
/// rarely: it may become something else, and a runtime needs a moment to start.
/// </summary>
internal sealed class ProcessTable(HostRoots roots, KernelFiles files, ContainerTable containers)
{
    /// <summary>More than these are not watched.</summary>
    internal const int MaxWatched = 200;

    /// <summary>A host with more processes is gone through over several scans.</summary>
    private const int MaxLooks = 1000;

    /// <summary>The longest time between two looks is 2 to the power of this, in scans.</summary>
    private const int RarestLook = 5;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    private readonly Dictionary<int, SeenProcess> _seen = [];
    private readonly RuntimeFinder _runtimes = new(files);
    private readonly List<int> _pids = [];
    private readonly List<SeenProcess> _watched = [];
    private volatile IReadOnlyList<WatchedProcess> _list = [];
    private long _scan;
    private bool _changed;

    /// <summary>The watched processes as they stand; the list is replaced when they change. From any thread.</summary>
    public IReadOnlyList<WatchedProcess> Watched => _list;

    /// <summary>The watched processes, to be sampled.</summary>
    public IReadOnlyList<SeenProcess> Sampled => _watched;

    /// <summary>Looks for processes that have come and gone.</summary>
    /// <param name="patterns">Names to watch besides runtimes; <c>*</c> stands for anything.</param>
    public void Scan(IReadOnlyList<string> patterns)
    {
        _scan++;
        var looks = 0;
        foreach (var pid in Pids())
        {
            if (!_seen.TryGetValue(pid, out var process))
                _seen[pid] = process = new SeenProcess(pid, $"{roots.Proc}/{pid}");
            process.LastScan = _scan;
            if (process.NextLook <= _scan && looks++ < MaxLooks)
                Look(process, patterns);
        }
        foreach (var (pid, process) in _seen)
        {
            if (process.LastScan == _scan)
                continue;
            _seen.Remove(pid);
            Leave(process);
        }
    }

    /// <summary>Brings <see cref="Watched"/> up to date: names of containers come a little later than their processes.</summary>
    public void Publish()
    {
        foreach (var process in _watched)
        {
            var (name, service) = (process.Container?.Name, process.Container?.Labels?.Service);
            if (process.Watched is not { } watched || (watched.Container == name && watched.Service == service && process.IsPublished == process.IsNamed))
                continue;
            process.Watched = watched with { Container = name, Service = service };
            process.IsPublished = process.IsNamed;
            _changed = true;
        }
        if (_changed)
            _list = [.. _watched.Where(p => p.IsPublished).Select(p => p.Watched!)];
        _changed = false;
    }

    /// <summary>The process is no longer what it was, or gone: look at it at the next scan.</summary>
    public static void LookAgain(SeenProcess process) => process.NextLook = 0;

    private void Look(SeenProcess process, IReadOnlyList<string> patterns)
    {
        if (ProcessStat.Parse(files.Read(process.StatFile), process.Command) is not { } stat)
            return; // gone meanwhile
        if (process.Start != stat.Start || process.Command != stat.Command)
            Begin(process, stat);
        if (stat.IsKernel)
        {
            process.NextLook = long.MaxValue;
            return;
        }
        process.NextLook = _scan + (1L << Math.Min(process.Looks / 2, RarestLook));
        process.Looks++;
        var container = containers.Of(files.Read(process.Folder + "/cgroup"));
        if (container != process.Container)
        {
            LeaveContainer(process);
            EnterContainer(process, container);
        }
        process.Watched ??= Recognise(process, stat, patterns);
    }

    /// <summary>A process that is new, or another program than it was.</summary>
    private void Begin(SeenProcess process, in ProcessStat stat)
    {
        if (process.Start != stat.Start)
            LeaveContainer(process);
        process.Start = stat.Start;
        process.Command = stat.Command;
        process.Looks = 0;
        process.Before = null;
        Unwatch(process);
    }

    private WatchedProcess? Recognise(SeenProcess process, in ProcessStat stat, IReadOnlyList<string> patterns)
    {
        var namespacePid = _runtimes.NamespacePid(process.Folder, process.Pid);
        var runtime = _runtimes.Find(process, stat, namespacePid);
        if (runtime is null && patterns.Count == 0)
            return null;
        var arguments = CommandLine.Parse(files.Read(process.Folder + "/cmdline"));
        var name = ProcessName.Of(arguments, stat.Command, runtime);
        if (runtime is null && !IsNamed(name, patterns) && !IsNamed(stat.Command, patterns))
            return null;
        if (_watched.Count >= MaxWatched)
            return null;
        _watched.Add(process);
        _changed = true;
        return new WatchedProcess(process.Pid, process.Start, name, namespacePid, arguments, null, null, runtime);
    }

    private static bool IsNamed(string name, IReadOnlyList<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name))
                return true;
        }
        return false;
    }

    private void Leave(SeenProcess process)
    {
        Unwatch(process);
        LeaveContainer(process);
    }

    private void Unwatch(SeenProcess process)
    {
        if (process.Watched is null)
            return;
        process.Watched = null;
        process.IsPublished = false;
        _watched.Remove(process);
        _changed = true;
    }

    private static void EnterContainer(SeenProcess process, Container? container)
    {
        process.Container = container;
        container?.Processes.Add(process.Pid);
    }

    private void LeaveContainer(SeenProcess process)
    {
        if (process.Container is not { } container)
            return;
        process.Container = null;
        // The first one that was seen is its main one as a rule: without it, the container was started anew.
        if (container.Processes.IndexOf(process.Pid) == 0)
            container.AskedAt = null;
        container.Processes.Remove(process.Pid);
        if (container.Processes.Count == 0)
            containers.Remove(container);
    }

    private List<int> Pids()
    {
        _pids.Clear();
        try
        {
            var numbers = new FileSystemEnumerable<int>(roots.Proc, (ref FileSystemEntry e) => int.Parse(e.FileName, NumberStyles.None), Everything)
            {
                ShouldIncludePredicate = (ref FileSystemEntry e) => int.TryParse(e.FileName, NumberStyles.None, null, out _),
            };
            foreach (var pid in numbers)
                _pids.Add(pid);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _pids.Clear(); // not mounted, or hidden
        }
        return _pids;
    }
}
