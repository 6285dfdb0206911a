using System.Net;

namespace Pressure.Web.Tests.State;

/// <summary>A real agent whose service is two nodes.</summary>
[Collection(PostgresCollection.Name)]
public sealed class AgentOfTwoNodesTests(PostgresFixture postgres) : NodesTests(postgres)
{
    private RealAgent? _agent;

    [Fact]
    public async Task An_agent_is_commanded_from_the_other_node_and_dials_that_when_its_own_ends()
    {
        var (one, two) = (await StartAsync("one", agents: true), await StartAsync("two", agents: true));
        _agent = await RealAgent.StartAsync(Folder, one);
        await UntilAsync(() => Task.FromResult(one.Access!.Find(RealAgent.Name) is { Connected: true }));
        await UntilAsync(async () => (await CommandAsync(two)).StatusCode == HttpStatusCode.OK);
        Assert.False(two.Access!.Find(RealAgent.Name) is { Connected: true });
        await UntilAsync(() => Task.FromResult(File.Exists(Folder.File("agent/servers.json"))));

        await one.DisposeAsync();

        await UntilAsync(() => Task.FromResult(two.Access.Find(RealAgent.Name) is { Connected: true }));
        Assert.Equal(HttpStatusCode.OK, (await CommandAsync(two)).StatusCode);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_agent is not null)
            await _agent.DisposeAsync();
        await base.DisposeAsync();
    }

    private static async Task<HttpResponseMessage> CommandAsync(WebService node)
    {
        using var http = new HttpClient();
        return await http.PostAsync(new Uri($"{node.Url}/api/agents/{RealAgent.Name}/commands/echo"), null, Stop);
    }
}
