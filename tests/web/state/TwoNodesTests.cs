using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pressure.TestKit;
using Pressure.Web.State;

namespace Pressure.Web.Tests.State;

/// <summary>Two services on one database, each with a folder of its own.</summary>
[Collection(PostgresCollection.Name)]
public sealed class TwoNodesTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Probe = """
        title: Nothing is struck
        description: Asks whether there is a file.
        steady-state-hypothesis:
          title: It is there
          probes: []
        method: []
        """;

    private readonly TempFolder _folder = new();
    private readonly List<WebService> _services = [];
    private DatabaseAddress _address = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _address = await postgres.NewAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
        _folder.Dispose();
    }

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
        _address = DatabaseAddress.Parse(server.Address(), null).Address!;
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

    private async Task<WebService> StartAsync(string name)
    {
        var service = await WebService.StartAsync(new WebOptions("http://127.0.0.1:0", _folder.File($"{name}/runs"), []) { ChaosFolder = _folder.File($"{name}/state"), Node = new NodeOptions(_address) }, TimeProvider.System);
        lock (_services)
            _services.Add(service);
        return service;
    }

    private static JsonElement CheckOf(JsonElement health, string name) => health.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);

    private static async Task<HttpResponseMessage> GetAsync(WebService service, string path)
    {
        using var http = new HttpClient();
        return await http.GetAsync(new Uri(service.Url + path), Stop);
    }

    private static async Task<JsonElement> JsonAsync(WebService service, string path) => (await (await GetAsync(service, path)).Content.ReadFromJsonAsync<JsonElement>(Stop))!;

    private static async Task<HttpResponseMessage> PutAsync(WebService service, string path, string body, string type)
    {
        using var http = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, type);
        return await http.PutAsync(new Uri($"{service.Url}/api/chaos/{path}"), content, Stop);
    }

    private static async Task KeepAsync(WebService service, string path, string body, string type)
    {
        using var answer = await PutAsync(service, path, body, type);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 600, "It did not come.");
            await Task.Delay(100, Stop);
        }
    }
}
