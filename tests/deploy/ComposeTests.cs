using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Pressure.Deploy.Tests;

/// <summary>The Compose installation as an operator brings it up, with this machine's own programs in the place of images that can't be pulled.</summary>
[Collection(nameof(PressureImage))]
public sealed class ComposeTests(PressureImage image) : IAsyncLifetime
{
    private const string Plan = """
        name: over two workers
        target: http://target/
        load: { rate: 200/s, duration: 60s }
        workers: { count: 2, heartbeat: 3s, tolerate: 50% }
        hosts: []
        scenarios: [ { name: look, steps: [ { get: / } ] } ]
        """;

    private readonly TempFolder _temp = new();
    private readonly HttpClient _http = new();
    private Dictionary<string, string> _environment = [];

    public async ValueTask InitializeAsync()
    {
        var network = $"compose{Environment.ProcessId}";
        await image.Engine.CreateNetworkAsync(network);
        // A copy, since certificates and passwords are made beside the file.
        await Command.MustAsync("cp", null, "-r", Path.Combine(PressureImage.Root, "deploy/compose"), _temp.File("compose"));
        await Command.MustAsync(Path.Combine(_temp.File("compose"), "certificates.sh"), null);
        _environment = new(image.Environment)
        {
            ["PRESSURE_IMAGE"] = "pressure:test",
            ["RABBITMQ_IMAGE"] = "machine:latest",
            ["POSTGRES_IMAGE"] = "machine:latest",
            ["NGINX_IMAGE"] = "machine:latest",
            ["PRESSURE_ALLOW"] = "target",
            ["PRESSURE_LISTEN"] = "127.0.0.1:0",
            ["TEST_NETWORK"] = network,
            ["TESTS"] = Path.Combine(PressureImage.Root, "tests/deploy"),
            ["COMPOSE_PROJECT_NAME"] = "pressure",
        };
        await ComposeAsync("up", "-d", "--scale", "worker=3");
    }

    public async ValueTask DisposeAsync()
    {
        await ComposeAsync("down", "--volumes", "--timeout", "5");
        _http.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_worker_killed_by_our_own_chaos_costs_a_run_over_Compose_nothing_but_a_mark()
    {
        var balancer = new Uri($"http://{await AddressAsync("pressure_balancer_1")}:5100/");
        await UntilAsync("two nodes are there", async () => (await _http.GetFromJsonAsync<JsonElement>(new Uri(balancer, "api/nodes"))).GetRawText() is var text && text.Contains("web1", StringComparison.Ordinal) && text.Contains("web2", StringComparison.Ordinal));
        await UntilAsync("three workers are there", async () => (await _http.GetFromJsonAsync<JsonElement>(new Uri(balancer, "api/workers"))).GetProperty("workers").GetArrayLength() == 3);

        using var started = await _http.PostAsync(new Uri(balancer, "api/runs"), new StringContent(Plan, Encoding.UTF8, "application/yaml"), TestContext.Current.CancellationToken);
        var told = await started.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(started.IsSuccessStatusCode, told);
        var id = JsonSerializer.Deserialize<JsonElement>(told).GetProperty("id").GetString()!;
        var victim = "";
        await UntilAsync("a worker presses", async () => (victim = await BusyWorkerAsync(balancer) ?? "").Length > 0);
        // Until the load has begun.
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        await StrikeAsync(victim);

        var summary = await SummaryAsync(balancer, id);
        var load = summary.GetProperty("load");
        Assert.Equal(12_000, load.GetProperty("notSent").GetInt64() + summary.GetProperty("requests").GetProperty("sent").GetInt64());
        Assert.Contains(summary.GetProperty("events").EnumerateArray(), e => e.GetProperty("kind").GetString() == "workerLost");
        Assert.Contains(summary.GetProperty("events").EnumerateArray(), e => e.GetProperty("kind").GetString() == "shareTakenOver");
    }

    private async Task<string?> BusyWorkerAsync(Uri balancer)
    {
        var workers = (await _http.GetFromJsonAsync<JsonElement>(new Uri(balancer, "api/workers"), TestContext.Current.CancellationToken)).GetProperty("workers");
        return workers.EnumerateArray().Where(w => w.TryGetProperty("run", out var run) && run.ValueKind == JsonValueKind.String).Select(w => w.GetProperty("name").GetString()).FirstOrDefault();
    }

    /// <summary>Workers are called as their containers' hosts are: by the first digits of their ids.</summary>
    private async Task StrikeAsync(string worker)
    {
        var name = await Command.MustAsync("docker", image.Environment, "inspect", "--format", "{{.Name}}", worker);
        var experiment = _temp.File("kill.json");
        await File.WriteAllTextAsync(experiment, $$"""
            {
              "title": "A worker dies", "description": "The run goes on.", "tags": [],
              "method": [ { "type": "action", "name": "kill it", "provider": { "type": "pressure", "fault": "container-kill", "target": { "container": "{{name.TrimStart('/')}}" }, "duration": "5s" } } ],
              "extensions": [ { "name": "pressure", "maxShare": "100%" } ]
            }
            """, TestContext.Current.CancellationToken);
        var program = AppContext.BaseDirectory.Replace("/tests/deploy/", "/cli/", StringComparison.Ordinal) + "pressure.dll";
        await Command.MustAsync("dotnet", new Dictionary<string, string>(image.Environment) { ["PRESSURE_CHAOS_DIR"] = _temp.File("chaos") }, program, "chaos", "run", experiment, "--out", _temp.File("drill"));
    }

    private async Task<JsonElement> SummaryAsync(Uri balancer, string id)
    {
        JsonElement summary = default;
        await UntilAsync("the run is over", async () =>
        {
            using var answer = await _http.GetAsync(new Uri(balancer, $"api/runs/{id}/summary"));
            if (answer.IsSuccessStatusCode)
                summary = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return answer.IsSuccessStatusCode;
        });
        return summary;
    }

    private async Task<string> AddressAsync(string container) =>
        await Command.MustAsync("docker", image.Environment, "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container);

    private async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var last = "";
        for (var tries = 0; tries < 120; tries++)
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException)
            {
                last = e.Message;
            }
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
        var (_, logs, _) = await Command.RunAsync("docker-compose", _environment, [.. InFolder, "logs", "--no-color", "--tail", "15"]);
        Assert.Fail($"Never: {what}. {last}\n{logs}");
    }

    private string[] InFolder => ["--project-directory", _temp.File("compose"), "-f", Path.Combine(_temp.File("compose"), "compose.yaml"), "-f", Path.Combine(PressureImage.Root, "tests/deploy/compose.machine.yaml")];

    private Task<string> ComposeAsync(params string[] arguments) => Command.MustAsync("docker-compose", _environment, [.. InFolder, .. arguments]);
}
