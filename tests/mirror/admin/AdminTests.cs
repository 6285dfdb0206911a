using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Pressure.Mirror.Tests;

public sealed class AdminTests : IAsyncLifetime
{
    private MirrorRig _rig = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _rig = await MirrorRig.StartAsync(plan => plan with { Admin = new IPEndPoint(IPAddress.Loopback, 0), Compare = TrafficCopy.ComparisonRules.Default });
        _admin = new HttpClient { BaseAddress = new Uri($"http://{_rig.Mirror.AdminListening}/") };
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Status_tells_all_counts()
    {
        await _rig.Client.GetStringAsync("a", Stop);
        await _rig.Client.GetStringAsync("b", Stop);
        await _rig.SettledAsync();

        using var status = JsonDocument.Parse(await _admin.GetStringAsync("status", Stop));

        Assert.Equal(2, status.RootElement.GetProperty("production").GetProperty("requests").GetInt64());
        Assert.Equal(2, status.RootElement.GetProperty("production").GetProperty("answers").GetProperty("2xx").GetInt64());
        Assert.Equal(2, status.RootElement.GetProperty("copies").GetProperty("fates").GetProperty("copied").GetInt64());
        Assert.Equal("closed", status.RootElement.GetProperty("copies").GetProperty("breaker").GetString());
    }

    [Fact]
    public async Task Metrics_are_in_the_format_of_scrapers()
    {
        await _rig.Client.GetStringAsync("a", Stop);
        await _rig.SettledAsync();

        var lines = (await _admin.GetStringAsync("metrics", Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("pressure_mirror_requests_total 1", lines);
        Assert.Contains("pressure_mirror_copies_total{fate=\"copied\"} 1", lines);
        Assert.Contains("pressure_mirror_breaker_open 0", lines);
        Assert.All(lines.Where(l => l[0] != '#'), l => Assert.True(double.TryParse(l.Split(' ')[1], NumberStyles.Float, CultureInfo.InvariantCulture, out _), l));
        Assert.All(lines.Where(l => l[0] != '#'), l => Assert.Contains(lines, t => t.StartsWith($"# TYPE {l.Split(' ')[0].Split('{')[0]} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Copying_is_paused_and_goes_on()
    {
        using var paused = await _admin.PostAsync("pause", null, Stop);
        await _rig.Client.GetStringAsync("a", Stop);
        using var resumed = await _admin.PostAsync("resume", null, Stop);
        await _rig.Client.GetStringAsync("b", Stop);
        await _rig.SettledAsync();

        Assert.Equal("/b", _rig.Target.Asked.Single().Target);
        Assert.Equal("ok\n", await _admin.GetStringAsync("health", Stop));
    }

    [Fact]
    public async Task A_page_in_a_browser_can_not_pause_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "pause");
        request.Headers.Add("Origin", "http://evil.test");
        using var answer = await _admin.SendAsync(request, Stop);

        Assert.Equal((HttpStatusCode.Forbidden, false), (answer.StatusCode, _rig.Status.IsPaused));
    }

    [Fact]
    public async Task Clients_of_production_do_not_reach_it()
    {
        using var answer = await _rig.Client.PostAsync("pause", null, Stop);

        Assert.Equal((HttpStatusCode.OK, false, 1), (answer.StatusCode, _rig.Status.IsPaused, _rig.Production.Count));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        var plan = new MirrorPlan(new IPEndPoint(IPAddress.Loopback, 0), new Uri(_rig.Production.Url)) { Copy = new Uri(_rig.Target.Url) };

        var listen = Assert.IsType<MirrorStart.Refused>(await MirrorServer.StartAsync(plan with { Listen = _rig.Mirror.Listening }, null, TimeProvider.System));
        var admin = Assert.IsType<MirrorStart.Refused>(await MirrorServer.StartAsync(plan with { Admin = _rig.Mirror.AdminListening }, null, TimeProvider.System));

        Assert.Equal($"Something listens on {_rig.Mirror.Listening} already. Choose another port with --listen.", listen.Why);
        Assert.Equal($"Something listens on {_rig.Mirror.AdminListening} already. Choose another port with --admin.", admin.Why);
    }
}
