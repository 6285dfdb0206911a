using Pressure.Faults;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>Executors on agents' hosts, however agents are reached.</summary>
public static class AgentExecutors
{
    /// <summary>Opens one through the service's own AccessServer.</summary>
    /// <exception cref="FaultException">The agent can't be reached, or takes no faults.</exception>
    public static Task<AgentExecutor> OpenAsync(AccessServer access, string host, TimeSpan lease, TimeProvider time, CancellationToken stop) => AgentExecutor.OpenAsync(
        host,
        async (command, body, given) =>
        {
            var result = await access.SendAsync(host, command, body, Longest, given);
            return (result.Body, result.Error);
        },
        lease,
        time,
        stop);

    /// <summary>Opens one through a service elsewhere.</summary>
    /// <exception cref="FaultException">The agent can't be reached, or takes no faults.</exception>
    public static Task<AgentExecutor> OpenAsync(RemoteAgents agents, string host, TimeSpan lease, TimeProvider time, CancellationToken stop) =>
        AgentExecutor.OpenAsync(host, (command, body, given) => agents.SendAsync(host, command, body, given), lease, time, stop);

    /// <summary>A stop of containers takes its time.</summary>
    private static TimeSpan Longest => TimeSpan.FromMinutes(10);
}
