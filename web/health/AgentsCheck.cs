using System.Net.NetworkInformation;
using Pressure.Web.Access;

namespace Pressure.Web.Health;

/// <summary>Whether agents can dial in.</summary>
internal sealed class AgentsCheck(AccessServer server) : IHealthCheck
{
    public string Name => "agents";

    public Task<HealthFinding> CheckAsync()
    {
        // As the system sees it, without a connection that the server would have to take for a broken agent.
        if (!IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == server.Port))
            return Task.FromResult(new HealthFinding(HealthLevel.Failing, $"nothing listens on port {server.Port}: agents can't dial in"));
        var agents = server.Agents;
        return Task.FromResult(new HealthFinding(HealthLevel.Ok, $"{agents.Count(a => a.Connected)} of {agents.Count} are connected, on port {server.Port}"));
    }
}
