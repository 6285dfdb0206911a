using System.Text.Json.Nodes;

namespace Pressure.Chaos.Tests.Probes;

public sealed class ContainerProbeTests
{
    [Theory]
    [InlineData("null", "missing")]
    [InlineData("""{ "State": { "Status": "running" } }""", "running")]
    [InlineData("""{ "State": { "Status": "running", "Health": { "Status": "none" } } }""", "running")]
    [InlineData("""{ "State": { "Status": "running", "Health": { "Status": "starting" } } }""", "starting")]
    [InlineData("""{ "State": { "Status": "running", "Health": { "Status": "unhealthy" } } }""", "unhealthy")]
    [InlineData("""{ "State": { "Status": "exited", "Health": { "Status": "healthy" } } }""", "exited")]
    [InlineData("""{ "State": { "Status": "paused", "Health": { "Status": "healthy" } } }""", "paused")]
    public void Its_health_counts_only_while_it_runs(string seen, string state) => Assert.Equal(state, ContainerProbe.StateOf(JsonNode.Parse(seen) as JsonObject));

    [Fact]
    public async Task A_real_engine_is_asked()
    {
        await using var engine = await DockerEngine.StartAsync();
        await using var container = await engine.RunAsync(new ContainerOrder("shop", "sleep", "600"));
        var probe = new ProbeFactory(TimeProvider.System, engine.Socket).Create(new Provider.Probe("container-health", new() { ["container"] = "shop" }));
        Assert.Equal("running", await StateAsync());
        await container.DisposeAsync();
        Assert.Equal("missing", await StateAsync());

        async Task<string> StateAsync() => (string)(await probe.AskAsync(TestContext.Current.CancellationToken)).Value!;
    }
}
