using System.Collections.Concurrent;
using System.Security.Cryptography;
using Pressure.Chaos;

namespace Pressure.Web.Access;

/// <summary>Every enrolled agent: one folder each, so that enrolling one costs the same with ten and with fifty thousand. Thread-safe.</summary>
internal sealed class AgentRegistry
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly AccessLimits _limits;
    private readonly TimeProvider _time;
    private readonly IKeptFiles? _shared;
    private readonly ConcurrentDictionary<string, AgentState> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AgentState> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="folder">Where agents are kept.</param>
    /// <param name="limits">How many may be.</param>
    /// <param name="time">The centre's clock.</param>
    /// <param name="shared">How several nodes change what they all know; null for a single one.</param>
    /// <exception cref="IOException">An agent's file can't be read.</exception>
    public AgentRegistry(string folder, AccessLimits limits, TimeProvider time, IKeptFiles? shared = null)
    {
        (_folder, _limits, _time, _shared) = (folder, limits, time, shared);
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
            Write(record, durable);
            // Where several nodes share it, it may have been heard of already.
            if (!_byId.ContainsKey(record.Id))
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
            Write(changed, durable: true);
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
            if (_shared is not null)
                _shared.Delete(FileIn(FolderOf(id)));
            else
                File.Delete(FileIn(FolderOf(id)));
            Forget(state);
            return state;
        }
    }

    /// <summary>Takes note of what another node has changed of an agent; the agent, if it was revoked there.</summary>
    /// <exception cref="IOException">Its file can't be read.</exception>
    public AgentState? Reload(string id)
    {
        lock (_gate)
        {
            var record = AccessJson.Read<AgentRecord>(FileIn(FolderOf(id)));
            var state = ById(id);
            if (record is not null && record.Id == id)
            {
                if (state is null)
                    Add(record);
                else
                    state.Record = record;
                return null;
            }
            if (state is not null)
                Forget(state);
            return state;
        }
    }

    private void Write(AgentRecord record, bool durable)
    {
        if (_shared is not null)
            _shared.Write(FileIn(FolderOf(record.Id)), AccessJson.Text(record));
        else
            AccessJson.Write(FileIn(FolderOf(record.Id)), record, durable);
    }

    private void Forget(AgentState state)
    {
        _byId.TryRemove(state.Record.Id, out _);
        _byName.TryRemove(new(state.Record.Name, state));
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
