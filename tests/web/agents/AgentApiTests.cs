using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pressure.TestKit;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.Tests.Agents;

public sealed class AgentApiTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly FakeAgents _agents = new(TimeProvider.System);
    private readonly FakeDesk _desk;
    private RunningService _service = null!;

    public AgentApiTests() => _desk = new FakeDesk(_agents);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _service = await RunningService.StartAsync(_temp, services => services.AddSingleton<IAgentHistory>(_agents).AddSingleton<IAgentDesk>(_desk));

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task Agents_are_listed_with_how_it_stands_with_them()
    {
        _agents.Enrol("db1", labels: ("service", "orders"));
        _agents.Add("db1", Entry.Sample(TimeProvider.System.GetUtcNow(), offset: 2));
        _agents.Enrol("db2", connected: false);
        _agents.Enrol("old", connected: false);
        _agents.Set("old", a => a with { LastHeard = a.LastHeard - TimeSpan.FromHours(2) });
        _agents.Enrol("never", connected: false);
        _agents.Set("never", a => a with { LastHeard = null });

        var all = (await _service.GetJsonAsync("/api/agents")).EnumerateArray().ToDictionary(a => a.GetProperty("name").GetString()!);
        Assert.Equal("connected silent gone new", string.Join(' ', "db1 db2 old never".Split(' ').Select(n => all[n].GetProperty("state").GetString())));
        Assert.Equal("orders", all["db1"].GetProperty("labels").GetProperty("service").GetString());
        Assert.Equal(2000, all["db1"].GetProperty("clock").GetProperty("offset").GetDouble());
        Assert.Equal(1000, all["db1"].GetProperty("settings").GetProperty("every").GetDouble());
        Assert.Equal(0.5, all["db1"].GetProperty("last").GetProperty("cpu").GetProperty("user").GetDouble());
        Assert.Equal("db1", (await _service.GetJsonAsync("/api/agents/DB1")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_list_is_cut_into_pages_and_chosen_from_as_plans_do()
    {
        for (var i = 0; i < 25; i++)
            _agents.Enrol($"db{i:00}", labels: ("service", i % 2 == 0 ? "even" : "odd"));
        var first = await _service.GetAsync("/api/agents?size=10&host=service=even");
        Assert.Equal(10, JsonDocument.Parse(await first.TextAsync()).RootElement.GetArrayLength());
        var link = first.Headers.GetValues("Link").Single();
        var second = await _service.GetAsync(link[1..link.IndexOf('>')]);
        Assert.Equal(3, JsonDocument.Parse(await second.TextAsync()).RootElement.GetArrayLength());
        Assert.False(second.Headers.Contains("Link"));
        Assert.Equal(2, (await _service.GetJsonAsync("/api/agents?host=db01&host=*24")).GetArrayLength());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _service.GetAsync("/api/agents?host=a%20b")).StatusCode);
        Assert.Equal(0, (await _service.GetJsonAsync("/api/agents?page=2147483647&size=10000")).GetArrayLength());
    }

    [Fact]
    public async Task Entries_are_followed_from_a_moment_on()
    {
        _agents.Enrol("db1");
        var start = TimeProvider.System.GetUtcNow();
        _agents.Add("db1", Entry.Sample(start - TimeSpan.FromSeconds(5)), Entry.Sample(start), Entry.Collection(start + TimeSpan.FromSeconds(1), number: 7));
        using var answer = await _service.Http.GetAsync($"/api/agents/db1/entries?from={Uri.EscapeDataString(start.ToString("O"))}", HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        await using var body = await answer.Content.ReadAsStreamAsync(Stop);
        using var lines = new StreamReader(body);

        var sample = EntryJson.Read(Encoding.UTF8.GetBytes((await LineAsync(lines))!));
        Assert.Equal((start, 0.5), (sample.At, sample.Entry.Host!.Cpu.User));
        Assert.Equal(7, EntryJson.Read(Encoding.UTF8.GetBytes((await LineAsync(lines))!)).Entry.Gc!.Number);
        _agents.Add("db1", Entry.Sample(start + TimeSpan.FromSeconds(2)));
        Assert.Equal(start + TimeSpan.FromSeconds(2), EntryJson.Read(Encoding.UTF8.GetBytes((await LineAsync(lines))!)).At);
    }

    [Theory]
    [InlineData("/api/agents/db9", HttpStatusCode.NotFound)]
    [InlineData("/api/agents/db9/entries", HttpStatusCode.NotFound)]
    [InlineData("/api/agents/db1/entries?from=yesterday", HttpStatusCode.UnprocessableEntity)]
    public async Task What_is_not_there_is_said(string path, HttpStatusCode expected)
    {
        _agents.Enrol("db1");
        var answer = await _service.GetAsync(path);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task An_agent_is_set_and_revoked()
    {
        _agents.Enrol("db1");
        var set = await _service.PostAsync("/api/agents/db1/settings", new StringContent("""{"every": 500, "processes": ["nginx"]}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        var settings = _agents.Agents[0].Settings;
        Assert.Equal((0.5, 10, "nginx"), (settings.Every.TotalSeconds, settings.Heartbeat.TotalSeconds, settings.Processes[0]));
        foreach (var wrong in new object[] { new { every = 1 }, new { every = 1e300 }, new { every = -1 }, new { heartbeat = double.MaxValue } })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _service.PostAsync("/api/agents/db1/settings", Json(wrong))).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await _service.Http.DeleteAsync("/api/agents/db1", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _service.Http.DeleteAsync("/api/agents/db1", Stop)).StatusCode);
        Assert.Empty(_agents.Agents);
    }

    [Fact]
    public async Task A_token_s_text_is_told_once_and_it_can_be_taken_back()
    {
        var made = await _service.PostAsync("/api/tokens", Json(new { hours = 2, name = "db7", labels = new { service = "orders" } }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var token = await RunningService.JsonOf(made);
        Assert.Contains(token.GetProperty("token").GetString()!, token.GetProperty("command").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("no-store", made.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

        var list = await (await _service.GetAsync("/api/tokens")).TextAsync();
        Assert.Contains("\"db7\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain(token.GetProperty("token").GetString()!, list, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await _service.Http.DeleteAsync(made.Headers.Location, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _service.Http.DeleteAsync(made.Headers.Location, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _service.PostAsync("/api/tokens", Json(new { hours = 1e9 }))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _service.PostAsync("/api/tokens", Json(new { hours = -1 }))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _service.PostAsync("/api/tokens", Json(new { hours = 1e300 }))).StatusCode);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"every\": \"soon\"}")]
    [InlineData("{\"processes\": [null]}")]
    [InlineData("{\"processes\": 7}")]
    public async Task A_body_that_makes_no_sense_is_told(string body)
    {
        _agents.Enrol("db1");
        var answer = await _service.PostAsync("/api/agents/db1/settings", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Empty(_agents.Agents[0].Settings.Processes);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tokens") { Content = Json(new { name = new string('x', 100_000) }) };
        request.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _service.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("POST", "/api/tokens")]
    [InlineData("DELETE", "/api/tokens/1")]
    [InlineData("DELETE", "/api/agents/db1")]
    [InlineData("POST", "/api/agents/db1/settings")]
    public async Task Pages_of_other_sites_change_nothing(string method, string path)
    {
        _agents.Enrol("db1");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await _service.SendAsync(request)).StatusCode);
        if (method == "POST")
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _service.PostAsync(path, new StringContent("every=500", Encoding.UTF8, "text/plain"))).StatusCode);
        Assert.Single(_agents.Agents);
        Assert.Empty(_desk.Tokens);
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private static async Task<string?> LineAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync(Stop) is { } line)
        {
            if (line.Length > 0)
                return line;
        }
        return null;
    }
}
