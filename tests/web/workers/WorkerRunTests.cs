using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.Web.Workers;

namespace Pressure.Web.Tests;

/// <summary>A run that the service spreads over workers, which are in this process.</summary>
public sealed class WorkerRunTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly TempFolder _places = new();
    private readonly InProcessBus _bus = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task<WorkerEnding>> _working = [];
    private WorkersOfBus _workers = null!;
    private RunningService _service = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _workers = new WorkersOfBus(_bus, planFolder: null, TimeProvider.System);
        _service = await RunningService.StartAsync(_temp, services => services.AddSingleton<IWorkerDirectory>(_workers));
        foreach (var (name, region) in new[] { ("north", "eu"), ("south", "us") })
            _working.Add(new Worker(_bus, new WorkerOptions(name, _places.File(name)) { Region = region, Leaving = TimeSpan.FromSeconds(2), CardEvery = TimeSpan.FromMilliseconds(200) }, TimeProvider.System).RunAsync(_stop.Token));
        while (_workers.Workers.Count < 2)
            await Task.Delay(50, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _stop.CancelAsync();
        await Task.WhenAll(_working);
        await _workers.DisposeAsync();
        await _bus.DisposeAsync();
        _stop.Dispose();
        _places.Dispose();
        _temp.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task Both_make_their_share_and_page_api_and_summary_tell_of_them()
    {
        var answer = await _service.SendPlanAsync("/api/runs?workers=2", Plans.Light(new Uri(_service.Url), duration: "4s"));
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.TextAsync());
        var run = await RunningService.JsonOf(answer);
        var id = run.GetProperty("id").GetString()!;

        Assert.Equal(2, run.GetProperty("workers").GetInt32());
        Assert.Contains("<b id=\"workers\" data-all=\"2\"", await _service.PageAsync($"/runs/{id}"), StringComparison.Ordinal);
        await _service.FollowToEndAsync(id);

        var summary = await _service.GetJsonAsync($"/api/runs/{id}/summary");
        Assert.Equal(["north", "south"], Names(summary.GetProperty("workers")));
        Assert.Equal(80, summary.GetProperty("workers").EnumerateArray().Sum(w => w.GetProperty("asked").GetInt64()));
        Assert.All(summary.GetProperty("workers").EnumerateArray(), w => Assert.Equal(40, w.GetProperty("sent").GetInt64()));
        Assert.Equal(2, RunFolder.Read(_temp.File(id)).Manifest.Crew!.Workers.Count);
        Assert.Equal(["north", "south"], Names((await _service.GetJsonAsync("/api/workers")).GetProperty("workers")));
    }

    private static IEnumerable<string> Names(JsonElement workers) => workers.EnumerateArray().Select(w => w.GetProperty("name").GetString()!).Order();
}
