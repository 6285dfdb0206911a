using System.Text.Json.Nodes;

namespace Pressure.Chaos.Tests.Probes;

public sealed class ProbeFactoryTests
{
    private static readonly ProbeFactory Factory = new(TimeProvider.System, "/nowhere/docker.sock");

    [Theory]
    [InlineData("ftp", "{}", "There is no probe 'ftp'. There are: http, tcp, process, container-health, metric, agent-metric.")]
    [InlineData("http", "{}", "http needs 'url'")]
    [InlineData("http", """{ "url": "shop", "method": "G T", "headers": "x", "timeout": "soon", "colour": "red" }""", "http takes no 'colour'|'soon' is no time|'shop' is no address|'G T' is no method|'headers' of http is no object")]
    [InlineData("http", """{ "url": "ftp://shop/", "headers": { "a b": "c" } }""", "is no address|'a b' is no name of a header")]
    [InlineData("tcp", """{ "host": "a b", "port": 99999 }""", "'a b' is neither a name nor an address|not from 1 to 65535")]
    [InlineData("process", "{}", "either 'name' or 'pid'")]
    [InlineData("process", """{ "name": "a", "pid": 7 }""", "either 'name' or 'pid'")]
    [InlineData("container-health", "{}", "needs 'container'")]
    [InlineData("metric", """{ "over": "long" }""", "needs 'metric'|needs 'aggregation'|'long' is no time")]
    [InlineData("agent-metric", """{ "host": "web1" }""", "needs 'metric'")]
    public void Everything_that_is_wrong_with_arguments_is_told_at_once(string kind, string arguments, string problems)
    {
        var e = Assert.Throws<ArgumentException>(() => Create(kind, arguments));
        Assert.All(problems.Split('|'), p => Assert.Contains(p, e.Message));
    }

    [Fact]
    public void Every_kind_that_is_listed_can_be_made()
    {
        string[] arguments =
        [
            """{ "url": "https://shop:8443/x", "headers": { "X-A": 1 }, "timeout": "200ms" }""", """{ "host": "localhost", "port": "80" }""", """{ "name": "shop*" }""",
            """{ "container": "shop" }""", """{ "metric": "http_reqs", "aggregation": "rate" }""", """{ "host": "web1", "metric": "host_cpu" }""",
        ];
        Assert.Equal(arguments.Length, Factory.Kinds.Count);
        Assert.All(Factory.Kinds.Zip(arguments), k => Assert.NotNull(Create(k.First.Kind, k.Second)));
    }

    [Fact]
    public async Task What_is_not_there_to_be_asked_is_an_error_and_never_a_pass()
    {
        Assert.Contains("No test runs", (await AskAsync(Create("metric", """{ "metric": "http_reqs", "aggregation": "rate" }"""))).Error);
        Assert.Contains("No agents are known", (await AskAsync(Create("agent-metric", """{ "host": "web1", "metric": "host_cpu" }"""))).Error);
        Assert.Contains("/nowhere/docker.sock", (await AskAsync(Create("container-health", """{ "container": "shop" }"""))).Error);
    }

    [Fact]
    public async Task Metrics_are_those_of_the_run_and_of_the_hosts()
    {
        var factory = new ProbeFactory(TimeProvider.System, "", new Run(), new Hosts());
        Assert.Equal("12.5", (await AskAsync(Create("metric", """{ "metric": "http_req_duration", "aggregation": "p(95)", "over": "30s" }""", factory))).Value!.ToJsonString());
        Assert.Contains("no http_reqs rate of the last 10 s", (await AskAsync(Create("metric", """{ "metric": "http_reqs", "aggregation": "rate" }""", factory))).Error);
        Assert.Equal("0.5", (await AskAsync(Create("agent-metric", """{ "host": "web1", "metric": "host_cpu" }""", factory))).Value!.ToJsonString());
        Assert.Contains("Nothing fresh", (await AskAsync(Create("agent-metric", """{ "host": "web2", "metric": "host_cpu" }""", factory))).Error);
    }

    [Fact]
    public async Task Processes_are_counted_by_name_and_by_id()
    {
        var self = HostProcesses.Of(Environment.ProcessId)!;
        Assert.Equal(1, (int)(await AskAsync(Create("process", $$"""{ "pid": {{self.Pid}} }"""))).Value!);
        Assert.True((int)(await AskAsync(Create("process", $$"""{ "name": "{{self.Program}}" }"""))).Value! >= 1);
        Assert.Equal(0, (int)(await AskAsync(Create("process", """{ "name": "no-such-program*" }"""))).Value!);
    }

    private static IProbe Create(string kind, string arguments, ProbeFactory? factory = null) => (factory ?? Factory).Create(new Provider.Probe(kind, (JsonObject)JsonNode.Parse(arguments)!));

    private static Task<ProbeValue> AskAsync(IProbe probe) => probe.AskAsync(TestContext.Current.CancellationToken);

    private sealed class Run : IRunMetrics
    {
        public double? Value(string metric, string aggregation, TimeSpan over) => (metric, aggregation, over.TotalSeconds) == ("http_req_duration", "p(95)", 30) ? 12.5 : null;
    }

    private sealed class Hosts : IHostMetrics
    {
        public double? Value(string host, string metric) => (host, metric) == ("web1", "host_cpu") ? 0.5 : null;
    }
}
