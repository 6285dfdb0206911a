using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pressure.LoadGen;
using Pressure.TestKit;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.Tests.Agents;

/// <summary>The pages of agents as a browser without scripts uses them.</summary>
public sealed class AgentPageTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly FakeAgents _agents = new(TimeProvider.System);
    private readonly FakeDesk _desk;
    private RunningService _service = null!;

    public AgentPageTests() => _desk = new FakeDesk(_agents);

    public async ValueTask InitializeAsync() =>
        _service = await RunningService.StartAsync(_temp, services => services.AddSingleton<IAgentHistory>(_agents).AddSingleton<IAgentDesk>(_desk));

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task The_list_tells_who_is_there_and_escapes_what_agents_say()
    {
        _agents.Enrol("db1", labels: ("service", "<script>alert(1)</script>"));
        _agents.Add("db1", Entry.Sample(TimeProvider.System.GetUtcNow()));
        _agents.Enrol("db2", connected: false);
        foreach (var (path, connected, silent) in new[] { ("/agents?lang=en", "Connected", "Silent"), ("/agents?lang=zh", "已连接", "失联"), ("/agents?handler=Fragment&lang=en", "Connected", "Silent") })
        {
            var page = await _service.PageAsync(path);
            Assert.Contains(connected, page, StringComparison.Ordinal);
            Assert.Contains(silent, page, StringComparison.Ordinal);
            Assert.Contains("60 %", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Many_agents_are_shown_page_by_page_and_found_by_name_or_label()
    {
        for (var i = 0; i < 120; i++)
            _agents.Enrol($"web{i:000}", labels: ("service", i == 77 ? "orders" : "shop"));
        var first = await _service.PageAsync("/agents");
        Assert.Contains("120 in all", first, StringComparison.Ordinal);
        Assert.Contains("web049", first, StringComparison.Ordinal);
        Assert.DoesNotContain("web050", first, StringComparison.Ordinal);
        Assert.Contains("web119", await _service.PageAsync("/agents?page=99"), StringComparison.Ordinal);
        var found = await _service.PageAsync("/agents?find=service%3DORDERS");
        Assert.Contains("web077", found, StringComparison.Ordinal);
        Assert.DoesNotContain("web001", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_made_shown_once_and_removed()
    {
        var answer = await _service.SendFormAsync("/agents", "/agents?handler=Token", ("hours", "1"), ("name", "db7"), ("labels", "service=orders\nenv=test"));
        var made = await answer.TextAsync();
        Assert.Contains("no-store", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Contains("| sh -s -- --token pressure1.secret-of-t1.pin", WebUtility.HtmlDecode(made), StringComparison.Ordinal);
        var token = Assert.Single(_desk.Tokens);
        Assert.Equal(("db7", "orders", "test"), (token.Name, token.Labels["service"], token.Labels["env"]));
        var later = await _service.PageAsync("/agents");
        Assert.Contains("db7", later, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of", later, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Redirect, (await _service.SendFormAsync("/agents", "/agents?handler=Remove", ("id", token.Id))).StatusCode);
        Assert.Empty(_desk.Tokens);
    }

    [Fact]
    public async Task A_wrong_label_is_told_and_nothing_typed_is_lost()
    {
        var page = await (await _service.SendFormAsync("/agents", "/agents?handler=Token", ("hours", "24"), ("name", "db7"), ("labels", "orders"))).TextAsync();
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"db7\"", page, StringComparison.Ordinal);
        Assert.Empty(_desk.Tokens);
    }

    [Theory]
    [InlineData("/agents?handler=Token")]
    [InlineData("/agents/db1?handler=Revoke")]
    [InlineData("/agents/db1?handler=Settings")]
    public async Task Without_the_form_s_own_token_nothing_is_changed(string path)
    {
        _agents.Enrol("db1");
        using var form = new FormUrlEncodedContent([new("every", "5"), new("heartbeat", "5")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await _service.PostAsync(path, form)).StatusCode);
        Assert.Empty(_desk.Tokens);
        Assert.Equal(1, Assert.Single(_agents.Agents).Settings.Every.TotalSeconds);
    }

    [Fact]
    public async Task One_agent_is_shown_set_and_removed()
    {
        _agents.Enrol("db1", labels: ("service", "orders"));
        Assert.Contains("Nothing was told yet", await _service.PageAsync("/agents/db1"), StringComparison.Ordinal);
        _agents.Add("db1", Entry.Sample(TimeProvider.System.GetUtcNow()));
        Assert.Contains("of 4 cores", await _service.PageAsync("/agents/DB1?handler=Fragment"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _service.GetAsync("/agents/db9")).StatusCode);

        var wrong = await _service.SendFormAsync("/agents/db1", "/agents/db1?handler=Settings", ("every", "often"), ("heartbeat", "10"), ("processes", "nginx"));
        Assert.Contains("value=\"often\"", await wrong.TextAsync(), StringComparison.Ordinal);
        await _service.SendFormAsync("/agents/db1", "/agents/db1?handler=Settings", ("every", "0.5"), ("heartbeat", "5"), ("processes", "nginx\npostgres*"));
        var settings = _agents.Agents[0].Settings;
        Assert.Equal((0.5, 5, 2), (settings.Every.TotalSeconds, settings.Heartbeat.TotalSeconds, settings.Processes.Count));

        Assert.Equal(HttpStatusCode.Redirect, (await _service.SendFormAsync("/agents/db1", "/agents/db1?handler=Revoke")).StatusCode);
        Assert.Empty(_agents.Agents);
    }

    [Fact]
    public async Task The_form_offers_connected_hosts_and_its_plan_names_those_that_are_ticked()
    {
        _agents.Enrol("db1", labels: ("service", "orders"));
        _agents.Enrol("db2", connected: false);
        var page = await _service.PageAsync("/new?host=db1");
        Assert.Contains("value=\"db1\" checked", page, StringComparison.Ordinal);
        Assert.DoesNotContain("db2", page, StringComparison.Ordinal);

        (string, string)[] form = [("mode", "simple"), ("target", "http://127.0.0.1:9"), ("action", "download"), ("url", "0"), ("urls[0].path", "/")];
        async Task<string> HostsAsync(params string[] ticked) =>
            string.Join(' ', PlanReader.Parse(await (await _service.SendFormAsync("/new", [.. form, .. ticked.Select(h => ("hosts", h))])).TextAsync(), "plan").Plan!.Hosts.Select(h => h.Text));
        Assert.Equal("local", await HostsAsync());
        Assert.Equal("", await HostsAsync(""));
        Assert.Equal("local db1 service=orders,env=test *-web", await HostsAsync("", "local", "db1", "service=orders,env=test", "*-web"));
    }

    [Fact]
    public async Task A_host_that_went_away_meanwhile_is_told_at_its_boxes()
    {
        _agents.Enrol("db1", connected: false);
        var page = await (await _service.SendFormAsync("/new", ("mode", "simple"), ("target", "http://127.0.0.1:9"), ("action", "start"), ("url", "0"), ("urls[0].path", "/"), ("hosts", "db1"))).TextAsync();
        Assert.Contains("<p class=\"error\">The agent on 'db1' is not connected", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("value=\"db1\" checked", page, StringComparison.Ordinal);
    }
}
