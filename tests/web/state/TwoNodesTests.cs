using System.Net;
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
