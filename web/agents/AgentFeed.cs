using Pressure.Record;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>Brings a run what its hosts' agents tell the AccessServer of this service, or of another one.</summary>
/// <param name="history">What is known of the agents.</param>
/// <param name="hosts">The run's hosts.</param>
/// <param name="time">The clock of the centre.</param>
public sealed class AgentFeed(IAgentHistory history, ChosenHosts hosts, TimeProvider time) : IHostFeed
{
    internal const string NotConnected = "its agent is not connected";

    /// <inheritdoc/>
    public IReadOnlyList<HostManifest> Hosts { get; } = [.. hosts.Agents.Select(a => new HostManifest(a.Name, a.Labels))];

    /// <inheritdoc/>
    public Task FollowAsync(RunClock clock, IHostSink sink, Task<TimeSpan> end)
    {
        foreach (var agent in hosts.LeftOut)
            sink.Tell(new TimelineEvent.DataLost(TimeSpan.Zero, NotConnected, agent.Name));
        return Task.WhenAll(hosts.Agents.Select(a => new FollowedAgent(history, a, clock, sink, time).RunAsync(end)));
    }
}
