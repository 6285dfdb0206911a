using System.Text.Json.Nodes;

namespace Pressure.Gateway.Tests;

public sealed class GatewayServerTests : IAsyncLifetime
{
    private GatewayRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await GatewayRig.StartAsync("http://127.0.0.1:9");

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Its_control_socket_is_its_owners_alone() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_rig.Server.Control.Control));

    [Fact]
    public async Task A_gateway_that_is_gone_has_no_rule_left_and_nothing_is_undone()
    {
        var intent = await _rig.ApplyAsync("http-abort");
        Assert.NotNull(await _rig.Fault("http-abort").ResidueAsync(intent, Stop));
        await _rig.Server.DisposeAsync();

        Assert.IsType<UndoOutcome.NothingToUndo>(await _rig.UndoAsync(intent));
        Assert.Null(await _rig.Fault("http-abort").ResidueAsync(intent, Stop));
        Assert.Empty(GatewayControl.All(_rig.Folder));
        Assert.Empty(Directory.GetFiles(Path.Combine(_rig.Folder, "gateways")));
    }

    [Fact]
    public async Task A_file_that_a_killed_gateway_left_is_no_gateway()
    {
        var control = new GatewayControl("127.0.0.1:1", "http://127.0.0.1:9", Path.Combine(_rig.Folder, "gone.sock"));
        control.Write(_rig.Folder);

        Assert.Null(await control.AskAsync(new() { ["do"] = "list" }, Stop));
    }

    [Fact]
    public async Task A_rule_ends_by_itself_at_its_deadline()
    {
        var intent = await _rig.ApplyAsync("http-abort", TimeSpan.FromMilliseconds(200));

        while (await _rig.Fault("http-abort").ResidueAsync(intent, Stop) is not null)
            await Task.Delay(20, Stop);

        Assert.IsType<UndoOutcome.NothingToUndo>(await _rig.UndoAsync(intent));
    }

    [Fact]
    public async Task Undone_once_it_is_undone()
    {
        var intent = await _rig.ApplyAsync("http-abort");

        Assert.IsType<UndoOutcome.Undone>(await _rig.UndoAsync(intent));
        Assert.IsType<UndoOutcome.NothingToUndo>(await _rig.UndoAsync(intent));
    }

    [Theory]
    [InlineData("http-status", "status", "999", "200 to 599")]
    [InlineData("http-body", "change", "eat", "truncate, replace or corrupt")]
    [InlineData("http-delay", "delay", "soon", "time (200ms, 5s, 1m)")]
    [InlineData("tcp-reset", "percent", "10%", "Use the http- faults")]
    public async Task What_can_not_be_is_refused_before_the_gateway_is_told(string kind, string name, string value, string says)
    {
        var refused = Assert.IsType<Preparation.Refused>(await _rig.Fault(kind).PrepareAsync(_rig.Order(kind, TimeSpan.FromMinutes(1), (name, value)), Stop));

        Assert.Contains(says, refused.Why + refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_without_a_gateway_is_refused_with_how_to_start_one()
    {
        var order = new FaultOrder("http-abort", new FaultTarget.Route("127.0.0.1:7", "http://127.0.0.1:8"), TimeSpan.FromSeconds(1));

        var refused = Assert.IsType<Preparation.Refused>(await _rig.Fault("http-abort").PrepareAsync(order, Stop));

        Assert.Contains("pressure chaos gateway --listen 127.0.0.1:7 --to http://127.0.0.1:8", refused.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"do":"dance"}""", "add, remove, list")]
    [InlineData("""{"do":"add","handle":"../../etc"}""", "12 lower-case hex digits")]
    [InlineData("""{"do":"add","handle":"abcdefabcdef","kind":"http-abort"}""", "seconds since boot")]
    [InlineData("""{"do":"add","handle":"abcdefabcdef","kind":"http-abort","until":1e300}""", "a day at the most")]
    [InlineData("""{"do":"add","handle":"abcdefabcdef","kind":"container-kill","until":0}""", "no fault of the gateway")]
    [InlineData("""{"do":"add","handle":"abcdefabcdef","kind":"tcp-reset","until":0}""", "not for a route")]
    public async Task What_comes_over_the_control_socket_is_not_trusted(string question, string says)
    {
        var said = await Assert.ThrowsAsync<FaultException>(() => _rig.Server.Control.AskAsync((JsonObject)JsonNode.Parse(question)!, Stop));

        Assert.Contains(says, said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        var options = GatewayOptions.Read(_rig.Server.Control.Listen, "http://127.0.0.1:9", _rig.Folder, [])!;

        var http = Assert.IsType<GatewayStart.Refused>(await GatewayServer.StartAsync(options));
        var tcp = Assert.IsType<GatewayStart.Refused>(await GatewayServer.StartAsync(options with { To = new Uri("tcp://127.0.0.1:9") }));

        Assert.All([http, tcp], r => Assert.Contains("listens on", r.Why, StringComparison.Ordinal));
        Assert.NotNull(await _rig.Server.Control.AskAsync(new() { ["do"] = "list" }, Stop));
    }

    [Theory]
    [InlineData("8081", "http://127.0.0.1:1")]
    [InlineData("127.0.0.1:8081", "127.0.0.1:1")]
    [InlineData("127.0.0.1:8081", "tcp://127.0.0.1")]
    [InlineData("127.0.0.1:8081", "http://127.0.0.1:1/path")]
    [InlineData("127.0.0.1:8081", "http://127.0.0.1:8081")]
    public void Options_that_make_no_sense_are_told(string listen, string to)
    {
        List<string> problems = [];

        Assert.Null(GatewayOptions.Read(listen, to, "", problems));
        Assert.Single(problems);
    }

    [Theory]
    [InlineData("", "/any", true)]
    [InlineData("/item/", "/item/5", true)]
    [InlineData("/item/", "/items", false)]
    [InlineData("/item/*/price", "/item/5/price", true)]
    [InlineData("/item/*/price", "/item/5/name", false)]
    [InlineData("*.css", "/a/b.css", true)]
    public void A_path_is_a_beginning_and_asterisks_stand_for_anything(string pattern, string path, bool meant) =>
        Assert.Equal(meant, new RequestMatch(pattern).Means(path, "GET", _ => null));
}
