using System.Net;
using Pressure.Faults;
using Pressure.TestKit;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>Two services on one database, each with a folder of its own.</summary>
[Collection(PostgresCollection.Name)]
public sealed class TwoNodesTests(PostgresFixture postgres) : NodesTests(postgres)
{
    private const string Probe = """
        title: Nothing is struck
        description: Asks whether there is a file.
        steady-state-hypothesis:
          title: It is there
          probes: []
        method: []
        """;

    [Fact]
    public async Task Nodes_that_start_at_once_know_each_other_and_take_each_others_forms()
    {
        var started = await Task.WhenAll(StartAsync("one"), StartAsync("two"));
        var (one, two) = (started[0], started[1]);
        await UntilAsync(async () => (await JsonAsync(one, "/api/nodes")).GetArrayLength() == 2 && (await JsonAsync(two, "/api/nodes")).GetArrayLength() == 2);
        var health = await JsonAsync(one, "/health");
        Assert.Equal("ok", CheckOf(health, "database").GetProperty("level").GetString());
        Assert.Contains("2 alive", CheckOf(health, "nodes").GetProperty("detail").GetString());

        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var page = await browser.GetStringAsync(new Uri($"{one.Url}/settings"), Stop);
        var token = page.Split("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("Allow", "shop.example")]);
        using var answer = await browser.PostAsync(new Uri($"{two.Url}/settings"), form, Stop);
        Assert.NotEqual(HttpStatusCode.BadRequest, answer.StatusCode);
        await UntilAsync(async () => (await browser.GetStringAsync(new Uri($"{one.Url}/settings"), Stop)).Contains("shop.example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Experiments_and_schedules_kept_at_one_node_are_at_the_other_and_each_moment_begins_once()
    {
        var (one, two) = (await StartAsync("one"), await StartAsync("two"));
        await KeepAsync(one, "experiments/nothing", Probe, "application/yaml");
        await UntilAsync(async () => (await GetAsync(two, "/api/chaos/experiments/nothing")).StatusCode == HttpStatusCode.OK);
        for (var i = 0; i < 20; i++)
            await KeepAsync(i % 2 == 0 ? one : two, $"schedules/s{i}", """{"experiment": "nothing", "cron": "0 0 1 1 *", "probesOnly": true}""", "application/json");
        await UntilAsync(async () => (await JsonAsync(one, "/api/chaos/schedules")).GetArrayLength() == 20 && (await JsonAsync(two, "/api/chaos/schedules")).GetArrayLength() == 20);
    }

    [Fact]
    public async Task A_monkey_runs_at_one_node_and_goes_on_at_the_other_when_that_ends()
    {
        WebService[] nodes = [await StartAsync("one"), await StartAsync("two")];
        const string plan = """
            name: shop
            hours: { zone: UTC, windows: [ { days: [ mon, tue, wed, thu, fri, sat, sun ], from: '09:00', to: '15:00' } ] }
            groups:
            - name: nothing-like-it
              mean: 1000d
              strike: { fault: process-freeze, target: { process: { name: nothing-like-it } }, duration: 5m }
            """;
        await KeepAsync(nodes[0], "monkeys/shop", plan, "application/yaml");
        using (var http = new HttpClient())
        using (var started = await http.PostAsync(new Uri($"{nodes[0].Url}/api/chaos/monkeys/shop/start"), null, Stop))
            Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync(Stop));
        await UntilAsync(async () => await RunningAsync(nodes[0]) != await RunningAsync(nodes[1]));
        for (var look = 0; look < 20; look++)
        {
            Assert.False(await RunningAsync(nodes[0]) && await RunningAsync(nodes[1]));
            await Task.Delay(100, Stop);
        }
        var (first, second) = await RunningAsync(nodes[0]) ? (nodes[0], nodes[1]) : (nodes[1], nodes[0]);
        await first.DisposeAsync();
        await UntilAsync(() => RunningAsync(second));
        Assert.Equal(File.ReadAllText(Folder.File("one/runs/.chaos/monkeys/shop.seed")), File.ReadAllText(Folder.File("two/runs/.chaos/monkeys/shop.seed")));

        static async Task<bool> RunningAsync(WebService node) => (await JsonAsync(node, "/api/chaos/monkeys")).EnumerateArray().Any(m => m.GetProperty("running").GetBoolean());
    }

    [Fact]
    public async Task An_agent_of_one_node_is_listed_and_reached_at_the_other()
    {
        var (one, two) = (await StartAsync("one", agents: true), await StartAsync("two"));
        one.Access!.Enrol("web-1", [1, 2, 3]);
        await UntilAsync(async () => (await JsonAsync(two, "/api/agents")).EnumerateArray().Any(a => a.GetProperty("name").GetString() == "web-1"));
        // The answer is that of the node which knows the agent: it would be connected there.
        using var http = new HttpClient();
        using var told = await http.PostAsync(new Uri($"{two.Url}/api/agents/web-1/commands/echo"), null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, told.StatusCode);
        Assert.Contains("The agent on web-1 is not connected", await told.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(two, "/api/agents/web-2")).StatusCode);
        await one.DisposeAsync();
        await UntilAsync(async () => (await JsonAsync(two, "/api/agents")).GetArrayLength() == 0);
    }

    [Fact]
    public async Task A_stop_of_everything_at_one_node_is_one_at_all_and_so_is_its_end()
    {
        var (one, two) = (await StartAsync("one"), await StartAsync("two"));
        using var http = new HttpClient();
        using (var halted = await http.PostAsync(new Uri($"{one.Url}/api/chaos/halt"), null, Stop))
            Assert.True(halted.IsSuccessStatusCode, await halted.Content.ReadAsStringAsync(Stop));
        await UntilAsync(() => Task.FromResult(new GlobalStop(Folder.File("two/state")).IsSet));
        var three = await StartAsync("three");
        await UntilAsync(() => Task.FromResult(new GlobalStop(Folder.File("three/state")).IsSet));
        Assert.True(new GlobalStop(Folder.File("two/state")).Lift());
        await UntilAsync(() => Task.FromResult(!new GlobalStop(Folder.File("one/state")).IsSet && !new GlobalStop(Folder.File("three/state")).IsSet));
        Assert.NotEqual(one.Url, three.Url);
        Assert.NotEqual(two.Url, three.Url);
    }

    [Fact]
    public async Task Without_the_database_a_node_goes_on_says_so_and_catches_up()
    {
        await using var server = await PostgresServer.StartAsync();
        Address = DatabaseAddress.Parse(server.Address(), null).Address!;
        var (one, two) = (await StartAsync("one"), await StartAsync("two"));
        await KeepAsync(one, "experiments/before", Probe, "application/yaml");
        await server.StopAsync();

        await UntilAsync(async () => CheckOf(await JsonAsync(one, "/health"), "database").GetProperty("level").GetString() == "warning");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(one, "/api/chaos/experiments/before")).StatusCode);
        using var refused = await PutAsync(one, "experiments/during", Probe, "application/yaml");
        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        Assert.Contains("What all nodes must agree on", await refused.Content.ReadAsStringAsync(Stop));

        await server.RunAsync();
        await UntilAsync(async () => CheckOf(await JsonAsync(one, "/health"), "database").GetProperty("level").GetString() == "ok");
        await UntilAsync(async () => (await PutAsync(one, "experiments/after", Probe, "application/yaml")).IsSuccessStatusCode);
        await UntilAsync(async () => (await GetAsync(two, "/api/chaos/experiments/after")).StatusCode == HttpStatusCode.OK);
    }
}
