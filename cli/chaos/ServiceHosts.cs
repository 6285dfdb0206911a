using Pressure.Chaos;
using Pressure.Web.Agents;

namespace Pressure.Cli.Chaos;

/// <summary>Hosts of a service's agents. The service is asked when an experiment names one: most strike this machine alone and need none.</summary>
internal sealed class ServiceHosts(string? service, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private RemoteAgents? _agents;

    /// <summary>The hosts.</summary>
    public AgentHosts Hosts => new(ConnectedAsync, host => async (command, body, stop) => await (await AgentsAsync(stop)).SendAsync(host, command, body, stop));

    public async ValueTask DisposeAsync()
    {
        if (_agents is { } agents)
            await agents.DisposeAsync();
        _one.Dispose();
    }

    private async Task<IReadOnlyList<string>> ConnectedAsync(CancellationToken stop)
    {
        try
        {
            return FaultHosts.Connected(await AgentsAsync(stop));
        }
        catch (IOException e)
        {
            throw new InventoryException($"A host other than this machine is named. {e.Message} Start the service that its agent is connected to (pressure serve --agents), or name it with --service URL.", e);
        }
    }

    /// <exception cref="IOException">There is no service; the message says it for people.</exception>
    private async Task<RemoteAgents> AgentsAsync(CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            return _agents ??= await ServiceAgents.ConnectAsync(service, time, stop);
        }
        finally
        {
            _one.Release();
        }
    }
}
