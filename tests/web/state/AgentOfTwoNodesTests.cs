using System.Diagnostics;
using System.Net;

namespace Pressure.Web.Tests.State;

/// <summary>A real agent whose service is two nodes.</summary>
[Collection(PostgresCollection.Name)]
public sealed class AgentOfTwoNodesTests(PostgresFixture postgres) : NodesTests(postgres)
{
    private Process? _agent;

    [Fact]
    public async Task An_agent_is_commanded_from_the_other_node_and_dials_that_when_its_own_ends()
    {
        var (one, two) = (await StartAsync("one", agents: true), await StartAsync("two", agents: true));
        var token = one.Access!.Tokens.Create(TimeSpan.FromHours(1), "db1").Text;
        using (var enrol = Agent("enrol", "--server", $"https://127.0.0.1:{one.Access.Port}", "--token", token, "--data", Folder.File("agent")))
            await enrol.WaitForExitAsync(Stop);
        _agent = Agent("run", "--data", Folder.File("agent"));
        await UntilAsync(() => Task.FromResult(one.Access.Find("db1") is { Connected: true }));
        await UntilAsync(async () => (await CommandAsync(two)).StatusCode == HttpStatusCode.OK);
        Assert.False(two.Access!.Find("db1") is { Connected: true });
        await UntilAsync(() => Task.FromResult(File.Exists(Folder.File("agent/servers.json"))));

        await one.DisposeAsync();

        await UntilAsync(() => Task.FromResult(two.Access.Find("db1") is { Connected: true }));
        Assert.Equal(HttpStatusCode.OK, (await CommandAsync(two)).StatusCode);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            _agent.Kill();
            await _agent.WaitForExitAsync(CancellationToken.None);
            _agent.Dispose();
        }
        await base.DisposeAsync();
    }

    private static Process Agent(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pressure-agent.dll"), .. arguments]))!;

    private static async Task<HttpResponseMessage> CommandAsync(WebService node)
    {
        using var http = new HttpClient();
        return await http.PostAsync(new Uri($"{node.Url}/api/agents/db1/commands/echo"), null, Stop);
    }
}
