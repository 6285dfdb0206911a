using System.Runtime.CompilerServices;
using Pressure.Agent;
using Pressure.Record;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Agents;

/// <summary>A store of agents' entries in memory, which tests fill.</summary>
internal sealed class FakeAgents(TimeProvider time) : IAgentHistory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AgentPresence> _agents = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<StoredEntry>> _entries = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _cuts;

    public IReadOnlyList<AgentPresence> Agents
    {
        get
        {
            lock (_gate)
                return [.. _agents.Values];
        }
    }

    /// <summary>How many have asked for entries and go on.</summary>
    public int Followers { get; private set; }

    public AgentPresence Enrol(string name, bool connected = true, params (string Key, string Value)[] labels)
    {
        var agent = new AgentPresence($"id-{name}", name, labels.ToDictionary(l => l.Key, l => l.Value), "1.0", connected, time.GetUtcNow(), null, null, AgentSettings.Default);
        lock (_gate)
            _agents[name] = agent;
        return agent;
    }

    public void Set(string name, Func<AgentPresence, AgentPresence> change)
    {
        lock (_gate)
            _agents[name] = change(_agents[name]);
    }

    public void Revoke(string name)
    {
        lock (_gate)
            _agents.Remove(name);
    }

    /// <summary>The agent says something.</summary>
    public void Add(string name, params IEnumerable<StoredEntry> entries)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(name, out var list))
                _entries[name] = list = [];
            foreach (var entry in entries)
            {
                list.Add(entry);
                _agents[name] = _agents[name] with { LastHeard = time.GetUtcNow(), LastSample = entry.Entry.Host ?? _agents[name].LastSample, Clock = entry.Clock };
            }
            Signal();
        }
    }

    /// <summary>Ends all streams with an error, as a broken store or link does.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _cuts++;
            Signal();
        }
    }

    public async IAsyncEnumerable<StoredEntry> FollowAsync(string name, DateTimeOffset from, [EnumeratorCancellation] CancellationToken stop)
    {
        int cuts;
        lock (_gate)
        {
            cuts = _cuts;
            Followers++;
        }
        try
        {
            for (var i = 0; ;)
            {
                Task more;
                List<StoredEntry> fresh = [];
                lock (_gate)
                {
                    if (cuts != _cuts)
                        throw new IOException("The stream was cut.");
                    var all = _entries.GetValueOrDefault(name) ?? [];
                    fresh.AddRange(all.Skip(i).Where(e => e.At >= from));
                    i = all.Count;
                    more = _more.Task;
                }
                foreach (var entry in fresh)
                    yield return entry;
                await more.WaitAsync(stop);
            }
        }
        finally
        {
            lock (_gate)
                Followers--;
        }
    }

    private void Signal()
    {
        var told = _more;
        _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }
}

/// <summary>What agents say.</summary>
internal static class Entry
{
    /// <param name="at">The centre's clock.</param>
    /// <param name="offset">Seconds that the host's clock is behind the centre's.</param>
    /// <param name="cpu">Share of the CPU that was busy.</param>
    public static StoredEntry Sample(DateTimeOffset at, double offset = 0, double cpu = 0.5) =>
        Of(at, offset, own => new AgentEntry(own, Host: new HostSample
        {
            Host = "its own idea",
            At = TimeSpan.Zero,
            Cores = 4,
            Cpu = new CpuShares(cpu, 0.1, 0, 0),
            Load = new LoadAverages(1, 1, 1),
            MemoryTotal = 8L << 30,
            MemoryUsed = 2L << 30,
            Network = new ByteRates(1000, 2000),
            Disk = default,
            Sockets = 10,
        }));

    public static StoredEntry Collection(DateTimeOffset at, long? number = 1, double offset = 0, int pid = 42) =>
        Of(at, offset, own => new AgentEntry(own, Gc: new GcEvent
        {
            Host = "its own idea",
            Process = "orders",
            Pid = pid,
            Runtime = GcRuntime.Dotnet,
            Collector = ".NET",
            At = TimeSpan.Zero,
            Number = number,
            Kind = GcKind.Gen0,
            Pause = TimeSpan.FromMilliseconds(3),
            Duration = TimeSpan.FromMilliseconds(3),
        }));

    private static StoredEntry Of(DateTimeOffset at, double offset, Func<DateTimeOffset, AgentEntry> entry) =>
        new(at, new ClockEstimate(TimeSpan.FromSeconds(offset), TimeSpan.FromMilliseconds(1)), entry(at - TimeSpan.FromSeconds(offset)));
}
