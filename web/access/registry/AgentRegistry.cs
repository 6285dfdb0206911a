using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Pressure.Web.Access;

/// <summary>Every enrolled agent: one folder each, so that enrolling one costs the same with ten and with fifty thousand. Thread-safe.</summary>
internal sealed class AgentRegistry
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly AccessLimits _limits;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, AgentState> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AgentState> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="IOException">An agent's file can't be read.</exception>
    public AgentRegistry(string folder, AccessLimits limits, TimeProvider time)
    {
        (_folder, _limits, _time) = (folder, limits, time);
        foreach (var agent in Directory.EnumerateDirectories(folder))
        {
            // A folder without the file is an enrolment or a revocation that a crash has cut short.
            if (AccessJson.Read<AgentRecord>(FileIn(agent)) is { } record && record.Id == Path.GetFileName(agent))
                Add(record);
        }
    }

    public static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    public IEnumerable<AgentState> All => _byId.Values;

    public AgentState? ById(string id) => _byId.GetValueOrDefault(id);

    public AgentState? ByName(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Takes a new agent in, under the name asked for or one like it; null if there are too many.</summary>
    /// <exception cref="IOException">It can't be written; nothing has changed.</exception>
    public AgentRecord? Enrol(string id, string name, byte[] key, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> said, bool durable = true)
    {
        lock (_gate)
        {
            if (_byId.Count >= _limits.Agents)
                return null;
            var record = new AgentRecord(id, AgentNames.Unique(name, _byName.ContainsKey), key, labels, _time.GetUtcNow()) { Said = said };
            Directory.CreateDirectory(FolderOf(record.Id));
            AccessJson.Write(FileIn(FolderOf(record.Id)), record, durable);
            Add(record);
            return record;
        }
    }

    /// <summary>Changes what is known of an agent for good; false if it is not enrolled any more.</summary>
    /// <exception cref="IOException">It can't be written; nothing has changed.</exception>
    public bool Change(string id, Func<AgentRecord, AgentRecord> change)
    {
        lock (_gate)
        {
            if (ById(id) is not { } state)
                return false;
            var changed = change(state.Record);
            AccessJson.Write(FileIn(FolderOf(id)), changed);
            state.Record = changed;
            return true;
        }
    }

    /// <summary>Takes the credential away and forgets the agent with all that it sent; null if there is none.</summary>
    /// <exception cref="IOException">Its file can't be removed; it is enrolled still.</exception>
    public AgentState? Remove(string id)
    {
        lock (_gate)
        {
            if (ById(id) is not { } state)
                return null;
            File.Delete(FileIn(FolderOf(id)));
            _byId.TryRemove(id, out _);
            _byName.TryRemove(state.Record.Name, out _);
            return state;
        }
    }

    private void Add(AgentRecord record)
    {
        var state = new AgentState(record, new EntryLog(Path.Combine(FolderOf(record.Id), "entries"), _limits), _time);
        _byId[record.Id] = state;
        _byName[record.Name] = state;
    }

    private string FolderOf(string id) => Path.Combine(_folder, id);

    private static string FileIn(string folder) => Path.Combine(folder, "agent.json");
}
