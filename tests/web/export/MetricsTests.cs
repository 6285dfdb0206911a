using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Pressure.Reports.Export;
using Pressure.TestKit;
using Pressure.Web.Access;
using Pressure.Web.Export;
using Pressure.Web.Tests.Agents;
using Shop;

namespace Pressure.Web.Tests.Export;

/// <summary>What a scraper and sinks get of a real service.</summary>
public sealed partial class MetricsTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly FakeAgents _agents = new(TimeProvider.System);
    private ShopHost _shop = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _shop = await ShopHost.StartAsync(new ShopOptions());

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        _temp.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_VictoriaMetrics_has_scraped_of_a_run_is_what_its_summary_says()
    {
        await using var service = await RunningService.StartAsync(_temp);
        await using var server = await VictoriaMetrics.StartAsync(scrape: new Uri(service.Url));
        var begin = TimeProvider.System.GetUtcNow().AddMinutes(-1);

        var summary = await RunAsync(service);

        var run = $"run=\"{summary.GetProperty("id").GetString()}\"";
        var sent = summary.GetProperty("requests").GetProperty("sent").GetDouble();
        while (await LastAsync($"pressure_http_reqs_total{{{run}}}") < sent)
            await Task.Delay(200, Stop);
        Assert.Equal(sent, await LastAsync($"pressure_http_reqs_total{{{run}}}"));
        Assert.Equal(summary.GetProperty("requests").GetProperty("failed").GetDouble(), await LastAsync($"pressure_http_req_failed_total{{{run}}}"));
        Assert.Equal(summary.GetProperty("data").GetProperty("received").GetDouble(), await LastAsync($"pressure_data_received_bytes_total{{{run}}}"));
        Assert.Equal(sent, await LastAsync($"pressure_http_req_duration_seconds_count{{{run}}}"));
        var mean = await LastAsync($"pressure_http_req_duration_seconds_sum{{{run}}}") / sent * 1000;
        Assert.Equal(summary.GetProperty("responseTime").GetProperty("mean").GetDouble(), mean, 0.001);

        async Task<double> LastAsync(string selection) => (await server.PointsAsync(selection, begin)).Sum(s => s.Values[^1]);
    }

    [Fact]
    public async Task The_page_tells_of_the_service_itself_in_a_form_that_scrapers_read()
    {
        await using var service = await RunningService.StartAsync(_temp, s => s.AddSingleton<IAgentHistory>(_agents));
        _agents.Enrol("db1");
        _agents.Enrol("db2", connected: false);

        var page = await service.PageAsync("/metrics");

        Assert.All(page.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        Assert.Contains("pressure_service_runs 0\n", page, StringComparison.Ordinal);
        Assert.Contains("pressure_service_agents{state=\"connected\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("pressure_service_agents{state=\"silent\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("pressure_service_health{check=\"disk\"} ", page, StringComparison.Ordinal);
        Assert.All(ServiceMetrics.All.Except([ServiceMetrics.Points, ServiceMetrics.Waiting, ServiceMetrics.Failing]), m => Assert.Contains($"pressure_{m.Name}", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scraper_that_asks_for_OpenMetrics_gets_it()
    {
        await using var service = await RunningService.StartAsync(_temp);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        using var answer = await service.SendAsync(request);

        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.EndsWith("\n# EOF\n", await answer.TextAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_agents_tell_between_runs_is_scraped_and_sent_once_each_also_when_it_comes_late()
    {
        await using var receiver = new HttpReceiver();
        var (target, _) = ExportTarget.Parse($"influx={receiver.Url}write?db=x", _ => null);
        _agents.Enrol("db1", true, ("service", "orders"), ("rack", "7"));
        await using var service = await RunningService.StartAsync(_temp, [target!], s => s.AddSingleton<IAgentHistory>(_agents));
        var now = TimeProvider.System.GetUtcNow();

        _agents.Add("db1", Entry.Sample(now.AddSeconds(2)), Entry.Sample(now.AddSeconds(3)), Entry.Sample(now.AddSeconds(1)), Entry.Collection(now.AddSeconds(2)));
        while (Lines("gc_pause").Count < 1 || Lines("host_cores").Count < 3)
            await Task.Delay(20, Stop);
        _agents.Cut();
        await Task.Delay(100, Stop);
        _agents.Add("db1", Entry.Sample(now.AddSeconds(4)));
        while (Lines("host_cores").Count < 4)
            await Task.Delay(20, Stop);

        Assert.Equal(4, Lines("host_cores").Count);
        Assert.Equal(4, Lines("host_cores").Distinct().Count());
        Assert.All(Lines("host_cores"), l => Assert.StartsWith("host_cores,host=db1,service=orders value=4 ", l, StringComparison.Ordinal));
        Assert.Contains("pressure_host_cores{host=\"db1\",service=\"orders\"} 4\n", await service.PageAsync("/metrics"), StringComparison.Ordinal);

        List<string> Lines(string metric) => [.. receiver.Requests.SelectMany(r => r.Text.Split('\n')).Where(l => l.StartsWith(metric + ",", StringComparison.Ordinal))];
    }

    [Fact(Timeout = 120_000)]
    public async Task A_sink_that_hangs_changes_nothing_about_a_run_and_what_was_dropped_is_shown_everywhere()
    {
        await using var receiver = new HttpReceiver
        {
            Answer = async (_, stop) =>
            {
                await Task.Delay(Timeout.Infinite, stop);
                return 204;
            },
        };
        var (target, _) = ExportTarget.Parse($"influx={receiver.Url}write?db=x", _ => null);
        await using var service = await RunningService.StartAsync(_temp, [target!]);

        var summary = await RunAsync(service);

        // A machine that was too busy to measure says so.
        Assert.True(summary.GetProperty("verdict").GetString() is "passed" or "invalid", summary.GetRawText());
        Assert.Equal(summary.GetProperty("requests").GetProperty("asked").GetInt64(), summary.GetProperty("requests").GetProperty("sent").GetInt64());
        var export = summary.GetProperty("exports").EnumerateArray().Single();
        Assert.Equal(0, export.GetProperty("sent").GetInt64());
        var dropped = export.GetProperty("dropped").GetInt64();
        Assert.True(dropped > 10);
        Assert.Contains($"result=\"dropped\"}} {dropped.ToString(CultureInfo.InvariantCulture)}\n", await service.PageAsync("/metrics"), StringComparison.Ordinal);
    }

    private async Task<JsonElement> RunAsync(RunningService service)
    {
        var started = await RunningService.JsonOf(await service.SendPlanAsync("/api/runs", Plans.Light(_shop.GatewayUrl, "3s")));
        var id = started.GetProperty("id").GetString()!;
        await service.FollowToEndAsync(id);
        return await service.GetJsonAsync($"/api/runs/{id}/summary");
    }

    [GeneratedRegex("""^(# (HELP|TYPE) pressure_[a-z0-9_]+ .+|pressure_[a-z0-9_]+(\{[a-z]+="([^"\\]|\\[\\"n])*"(,[a-z]+="([^"\\]|\\[\\"n])*")*\})? -?[0-9.E+-]+)$""")]
    private static partial Regex Line();
}
