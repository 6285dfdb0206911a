using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.TestKit;
using Pressure.Web.State;
using Pressure.Web.Tests.Chaos;

namespace Pressure.Web.Tests.State;

/// <summary>
/// Two nodes, a real database and broker, two workers, a real agent. Schedules begin a run over the workers and a drill on the first node's own machine, a drill on the
/// agent's host goes on too, and a monkey is loose: then the first node is killed. What is left of all that is looked at when the other has begun the schedules' next moment.
/// </summary>
public sealed class KilledNodeStory : IAsyncLifetime
{
    internal const int Rate = 60, Seconds = 45;

    private const string Monkey = """
        name: shop
        hours: { zone: UTC, windows: [ { days: [ mon, tue, wed, thu, fri, sat, sun ], from: '09:00', to: '15:00' } ] }
        groups:
        - name: nothing-like-it
          mean: 1000d
          strike: { fault: process-freeze, target: { process: { name: nothing-like-it } }, duration: 5m }
        """;

    private readonly TempFolder _folder = new(), _target = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _working = [];
    private readonly List<IAsyncDisposable> _open = [];
    private readonly HttpClient _http = new();
    private Process? _one;
    private RealAgent? _agent;
    private WebService? _two;

    internal Napper Here { get; private set; } = null!;

    internal Napper There { get; private set; } = null!;

    /// <summary>What the killed node had begun.</summary>
    internal (string Run, string Here, string There) Begun { get; private set; }

    internal string RunsOfTwo => _folder.File("two/runs");

    internal string WorkersFolder => _folder.File("workers");

    /// <summary>The monkey's secrets of both nodes.</summary>
    internal string[] Seeds => [SeedOf("one"), SeedOf("two")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        try
        {
            await BeginAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task BeginAsync()
    {
        var (starting, broking) = (OpenAsync(PostgresServer.StartAsync()), OpenAsync(RabbitMqServer.StartAsync()));
        await Task.WhenAll(starting, broking);
        var (postgres, rabbit) = (await starting, await broking);
        (Here, There) = (new Napper(_folder), new Napper(_folder));
        var shift = ShiftedTime.ToMinuteIn(TimeSpan.FromSeconds(20));
        var (address, time) = (await postgres.CreateDatabaseAsync("story"), new ShiftedTime(shift));
        _one = KilledNode.Start(_folder, address, rabbit.Address, shift);
        foreach (var name in new[] { "w1", "w2" })
            _working.Add(new Worker(await BusAsync(rabbit, name), new WorkerOptions(name, Path.Combine(WorkersFolder, name)) { Leaving = TimeSpan.FromSeconds(2) }, time).RunAsync(_stop.Token));
        var one = await KilledNode.UrlAsync(_folder);
        var target = await RunningService.StartAsync(_target);
        _open.Add(target);
        // The load lasts less than a minute, and its node is to be killed within it: all that can be ready beforehand is.
        var busOfTwo = await BusAsync(rabbit, "two");
        await KeepAsync(one, target.Url);
        await UntilAsync(async () => (await GetAsync(one, "/api/runs")).EnumerateArray().Any(r => r.GetProperty("workers").ValueKind == JsonValueKind.Number) && Here.IsFrozen);

        _two = await WebService.StartAsync(KilledNode.Options(_folder.Path, "two", DatabaseAddress.Parse(address, null).Address!, agents: true) with { Bus = busOfTwo }, time);
        _agent = await RealAgent.StartAsync(_folder, _two, "--faults");
        await UntilAsync(() => Task.FromResult(_two.Access!.Find(RealAgent.Name) is { Connected: true }));
        var there = await StrikeThereAsync(one);
        // What the other node is to tell of must have come to it: a record is copied twice a second.
        await UntilAsync(async () => There.IsFrozen && (await GetAsync("/api/chaos/drills")).GetArrayLength() == 2 && RunFolder.ReadEvents(Path.Combine(RunsOfTwo, there)).Any(e => e is TimelineEvent.FaultOn));
        var drills = await GetAsync(one, "/api/chaos/drills");
        Begun = (
            (await GetAsync(one, "/api/runs")).EnumerateArray().Single(r => r.GetProperty("workers").ValueKind == JsonValueKind.Number).GetProperty("id").GetString()!,
            drills.EnumerateArray().Select(d => d.GetProperty("id").GetString()!).Single(d => d != there),
            there);
        _one.Kill();
        await _one.WaitForExitAsync(Stop);
        await UntilAsync(async () => (await NotesAsync("load")).Count > 0 && (await NotesAsync("here")).Count > 0 && !Here.IsFrozen);
        // The other node begins the next moment.
        await UntilAsync(() => Task.FromResult(Here.IsFrozen));
    }

    /// <summary>What the API of the other node says.</summary>
    internal Task<JsonElement> GetAsync(string path) => GetAsync(_two!.Url, path);

    /// <summary>What became of a schedule's moments.</summary>
    internal async Task<IReadOnlyList<JsonElement>> NotesAsync(string schedule) => [.. (await GetAsync($"/api/chaos/schedules/{schedule}")).GetProperty("notes").EnumerateArray()];

    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 1_200, "It did not come.");
            await Task.Delay(100, Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_two is not null)
            await _two.DisposeAsync();
        if (_agent is not null)
            await _agent.DisposeAsync();
        if (_one is not null)
        {
            _one.Kill();
            await _one.WaitForExitAsync();
            _one.Dispose();
        }
        await _stop.CancelAsync();
        await Task.WhenAll(_working);
        _open.Reverse();
        foreach (var open in _open)
            await open.DisposeAsync();
        Here?.Dispose();
        There?.Dispose();
        _http.Dispose();
        _stop.Dispose();
        _folder.Dispose();
        _target.Dispose();
    }

    private string SeedOf(string node) => File.ReadAllText(_folder.File($"{node}/runs/.chaos/monkeys/shop.seed"));

    private Task<RabbitBus> BusAsync(RabbitMqServer rabbit, string name) => OpenAsync(RabbitBus.ConnectAsync(BrokerAddress.Parse(rabbit.Address).Address!, name, stop: Stop));

    private async Task<T> OpenAsync<T>(Task<T> opening)
        where T : IAsyncDisposable
    {
        var opened = await opening;
        lock (_open)
            _open.Add(opened);
        return opened;
    }

    private async Task KeepAsync(string one, string target)
    {
        var plan = $$"""
            name: nightly
            target: {{target}}
            load: { rate: {{Rate}}/s, duration: {{Seconds}}s }
            workers: { count: 2, lease: 40s }
            scenarios: [ { steps: [ { get: /healthz } ] } ]
            thresholds: [ http_req_failed: rate < 1% ]
            """;
        // Two faults at once are all that the guards allow: the next moment's finds room only if those of the dead node count no more.
        await PutAsync(one, "guards", "blastRadius: { most: 2 }", "application/yaml");
        await PutAsync(one, "experiments/here", Here.Experiment(), "application/yaml");
        await PutAsync(one, "schedules/here", """{ "experiment": "here", "everyMinutes": 1 }""", "application/json");
        await PutAsync(one, "schedules/load", JsonSerializer.Serialize(new { plan, everyMinutes = 1 }), "application/json");
        await PutAsync(one, "monkeys/shop", Monkey, "application/yaml");
        using var loose = await _http.PostAsync(new Uri($"{one}/api/chaos/monkeys/shop/start"), null, Stop);
        Assert.True(loose.IsSuccessStatusCode, await loose.Content.ReadAsStringAsync(Stop));
    }

    private async Task PutAsync(string node, string path, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await _http.PutAsync(new Uri($"{node}/api/chaos/{path}"), content, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private async Task<JsonElement> GetAsync(string node, string path) => await _http.GetFromJsonAsync<JsonElement>(new Uri(node + path), Stop);

    /// <summary>Begins a drill at the first node on the host of the agent, which is connected to the second.</summary>
    private async Task<string> StrikeThereAsync(string one)
    {
        await UntilAsync(async () => (await GetAsync(one, "/api/agents")).EnumerateArray().Any(a => a.GetProperty("state").GetString() == "connected"));
        using var text = new StringContent(There.Experiment().Replace($"name: {There.Name} }}", $"name: {There.Name}, host: {RealAgent.Name} }}", StringComparison.Ordinal), Encoding.UTF8, "application/yaml");
        using var answer = await _http.PostAsync(new Uri($"{one}/api/chaos/drills"), text, Stop);
        var body = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
    }
}
