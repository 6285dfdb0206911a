using Pressure.Agent;
using Pressure.Record;

namespace Pressure.Web.Access;

/// <summary>What the AccessServer knows of its agents, for runs, pages and exporters.</summary>
public interface IAgentHistory
{
    /// <summary>Every enrolled agent as it stands, by name.</summary>
    IReadOnlyList<AgentPresence> Agents { get; }

    /// <summary>One enrolled agent as it stands, whatever the name's case; null if there is none.</summary>
    AgentPresence? Find(string name) => Agents.FirstOrDefault(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Entries of one agent whose time on the centre's clock is <paramref name="from"/> or later: those stored already, then new ones as they come,
    /// in the agent's own order, each once; also those that come late after a cut. Ends when <paramref name="stop"/> says so.
    /// </summary>
    IAsyncEnumerable<StoredEntry> FollowAsync(string name, DateTimeOffset from, CancellationToken stop);
}

/// <summary>An entry with its time on the centre's clock.</summary>
/// <param name="At">The centre's clock (UTC).</param>
/// <param name="Clock">The estimate that <paramref name="At"/> was computed with.</param>
/// <param name="Entry">As the agent sent it.</param>
public sealed record StoredEntry(DateTimeOffset At, ClockEstimate Clock, AgentEntry Entry);

/// <summary>An agent as it stands.</summary>
/// <param name="Id">From its enrolment.</param>
/// <param name="Name">The host's name as plans have it; unique.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Version">Of the program; empty if it never connected.</param>
/// <param name="Connected">Whether it is connected and its heartbeats come.</param>
/// <param name="LastHeard">When something was last heard of it, on the centre's clock; null if never.</param>
/// <param name="LastSample">Its last sample, if any.</param>
/// <param name="Clock">Its clock against the centre's; null until measured.</param>
/// <param name="Settings">How it samples.</param>
public sealed record AgentPresence(
    string Id,
    string Name,
    IReadOnlyDictionary<string, string> Labels,
    string Version,
    bool Connected,
    DateTimeOffset? LastHeard,
    HostSample? LastSample,
    ClockEstimate? Clock,
    AgentSettings Settings)
{
    /// <summary>Why the agent left on purpose (an end of service), in its own words; null if it did not say goodbye, or is back. Nobody need be alarmed by it.</summary>
    public string? Left { get; init; }

    /// <summary>Entries that never came, since the agent had no room to keep them during a cut.</summary>
    public long Lost { get; init; }
}
