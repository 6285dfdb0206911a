using Pressure.Chaos;
using Pressure.Web.Access;
using Pressure.Web.State;

namespace Pressure.Web.Agents;

/// <summary>Hosts of agents as experiments reach them, however the agents are reached.</summary>
public static class FaultHosts
{
    /// <summary>A stop of containers takes its time.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Through the service's own AccessServer.</summary>
    public static AgentHosts Of(AccessServer access) => new(
        _ => Task.FromResult(Connected(access)),
        host => async (command, body, stop) =>
        {
            var result = await access.SendAsync(host, command, body, Longest, stop);
            return (result.Body, result.Error);
        });

    /// <summary>Through this node's AccessServer and those of the others.</summary>
    internal static AgentHosts Of(NodeAgents agents) => new(_ => Task.FromResult(Connected(agents)), host => (command, body, stop) => agents.SendAsync(host, command, body, Longest, stop));

    /// <summary>Names of the agents that are connected.</summary>
    public static IReadOnlyList<string> Connected(IAgentHistory agents) => [.. agents.Agents.Where(a => a.Connected).Select(a => a.Name)];
}
