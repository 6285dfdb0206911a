using Pressure.Agent;
using Pressure.Record;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.Api;

/// <summary>An agent as the API shows it. Times in ms.</summary>
/// <param name="Id">From its enrolment.</param>
/// <param name="Name">The host's name as plans have it.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Version">Of the program; empty if it never connected.</param>
/// <param name="State"><c>connected</c>, <c>silent</c>, <c>gone</c> (for more than an hour) or <c>new</c> (never connected).</param>
/// <param name="LastHeard">When something was last heard of it; null if never.</param>
/// <param name="Clock">Its clock against the service's; null until measured.</param>
/// <param name="Settings">How it samples.</param>
/// <param name="Last">Its last sample as in a run folder's hosts.log; null before the first.</param>
/// <param name="Links">Where the rest is.</param>
internal sealed record AgentView(
    string Id, string Name, IReadOnlyDictionary<string, string> Labels, string Version, AgentStanding State, DateTimeOffset? LastHeard,
    AgentClockView? Clock, AgentSettingsView Settings, HostSample? Last, IReadOnlyDictionary<string, string> Links)
{
    public static AgentView Of(AgentPresence agent, DateTimeOffset now)
    {
        var self = $"/api/agents/{Uri.EscapeDataString(agent.Name)}";
        return new AgentView(
            agent.Id,
            agent.Name,
            agent.Labels,
            agent.Version,
            Standing.Of(agent, now),
            agent.LastHeard,
            agent.Clock is { } clock ? new AgentClockView(clock.Offset.TotalMilliseconds, clock.Uncertainty.TotalMilliseconds) : null,
            AgentSettingsView.Of(agent.Settings),
            agent.LastSample,
            new Dictionary<string, string> { ["self"] = self, ["page"] = $"/agents/{Uri.EscapeDataString(agent.Name)}", ["entries"] = $"{self}/entries", ["settings"] = $"{self}/settings" });
    }

    /// <summary>What another program makes of it.</summary>
    public AgentPresence Presence() => new(
        Id, Name, Labels, Version, State == AgentStanding.Connected, LastHeard, Last,
        Clock is { } clock ? new ClockEstimate(TimeSpan.FromMilliseconds(clock.Offset), TimeSpan.FromMilliseconds(clock.Uncertainty)) : null, Settings.Settings());
}

/// <summary>A host's clock: what to add to its time to get the service's, give or take, in ms.</summary>
internal sealed record AgentClockView(double Offset, double Uncertainty);

/// <summary>How an agent samples; times in ms.</summary>
/// <param name="Every">Between two samples.</param>
/// <param name="Heartbeat">Between two heartbeats.</param>
/// <param name="Processes">What to watch besides runtimes with a garbage collector: names or patterns with <c>*</c>.</param>
internal sealed record AgentSettingsView(double Every, double Heartbeat, IReadOnlyList<string> Processes)
{
    public static AgentSettingsView Of(AgentSettings settings) => new(settings.Every.TotalMilliseconds, settings.Heartbeat.TotalMilliseconds, settings.Processes);

    public AgentSettings Settings() => new(TimeSpan.FromMilliseconds(Every), TimeSpan.FromMilliseconds(Heartbeat), Processes);
}
