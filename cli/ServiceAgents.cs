using Pressure.Web.Agents;

namespace Pressure.Cli;

/// <summary>The service whose agents a run on the command line watches.</summary>
internal static class ServiceAgents
{
    private const string Variable = "PRESSURE_SERVICE";

    /// <summary>Connects to the service asked for, else to that of the environment, else to the usual one.</summary>
    /// <exception cref="IOException">There is none; the message says for people what to do.</exception>
    public static async Task<RemoteAgents> ConnectAsync(string? asked, TimeProvider time, CancellationToken stop)
    {
        var named = asked ?? Environment.GetEnvironmentVariable(Variable);
        var url = string.IsNullOrWhiteSpace(named) ? RemoteAgents.Usual : named;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var service) || service.Scheme is not ("http" or "https"))
            throw new IOException($"'{url}' is no address of a service; write one such as {RemoteAgents.Usual}.");
        return await RemoteAgents.ConnectAsync(service, time, stop);
    }
}
