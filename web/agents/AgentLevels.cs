using Pressure.Chaos;
using Pressure.Reports;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>Figures of agents' hosts for probes: the last sample, as long as it is fresh.</summary>
internal sealed class AgentLevels(IAgentHistory agents, TimeProvider time) : IHostMetrics
{
    /// <summary>Agents sample every second, and a link may hiccup; what is older says nothing of now.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public double? Value(string host, string metric) =>
        agents.Find(host) is { Connected: true, LastSample: { } sample, LastHeard: { } heard } && time.GetUtcNow() - heard < Fresh ? HostLevels.Of(metric, sample) : null;
}
