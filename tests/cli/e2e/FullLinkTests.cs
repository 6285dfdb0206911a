using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>
/// The whole chain: a shop of two .NET services and one in Java, each in a container; an agent on their host; a service that the agent dials in to; a run
/// in which the Java service stops for a full collection. The report says who was to blame.
/// </summary>
[NeedsQuiet]
public class FullLinkTests
{
    private static string Here => AppContext.BaseDirectory;

    [Fact(Timeout = 300_000)]
    public async Task The_report_names_the_process_whose_full_collection_made_requests_slow()
    {
        using var folder = new TempFolder();
        await CompileAsync(folder);
        await using var docker = await DockerEngine.StartAsync();
        await using var item = await docker.RunAsync(Java(folder));
        var itemUrl = $"http://{await item.AddressAsync()}:8080";
        await using var orders = await docker.RunAsync(Dotnet("orders", "--role", "cart", "--role", "order"));
        var address = await orders.AddressAsync();
        await using var gateway = await docker.RunAsync(Dotnet("gateway", "--role", "gateway", "--item", itemUrl, "--cart", $"http://{address}:8080", "--order", $"http://{address}:8081"));
        var gatewayUrl = $"http://{await gateway.AddressAsync()}:8080";
        await AnswersAsync($"{gatewayUrl}/item/1", gateway, item);
        foreach (var busy in (string[])[gatewayUrl, $"http://{address}:8081"])
            await AllocateAsync(busy);

        await using var service = new BesideProgram(Path.Combine(Here, "pressure"), folder.Path, "serve", "--url", "http://127.0.0.1:0", "--agents", "https://127.0.0.1:0", "--runs", folder.File("runs"));
        var url = (await service.LineAsync("Pressure listens on ")).Split(' ')[3];
        var port = (await service.LineAsync("Agents dial in on port ")).Split(' ')[^1];
        await EnrolAsync(folder, url, port);
        await using var agent = new BesideProgram(Path.Combine(Here, "pressure-agent"), folder.Path, "run", "--data", folder.File("agent"), "--docker", docker.Socket);
        await agent.LineAsync("Connected to");

        using var run = new PressureProgram();
        run.Press(Plan(gatewayUrl), "--out", run.RunFolder, "--service", url, "--allow", new Uri(gatewayUrl).Authority, "--quiet");
        await Task.Delay(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);
        await CollectAsync(itemUrl);
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        await CollectAsync(itemUrl);
        var ended = await run.EndAsync();

        if (Environment.GetEnvironmentVariable("PRESSURE_KEEP_PROOF") is { Length: > 0 } keep)
            await Process.Start("cp", ["-r", run.RunFolder, keep]).WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error + agent.Output);
        var summary = run.Summary();
        // Whatever else runs on this machine is seen too: runtimes outside of containers, and containers of other engines.
        string[] shop = ["gateway", "item", "orders"];
        var gc = summary.GetProperty("gc").EnumerateArray().Where(g => shop.Contains(g.GetProperty("container").GetString())).ToDictionary(g => g.GetProperty("container").GetString()!);
        Assert.Equal(shop, gc.Keys.Order());
        // One more may come of its own accord while the heap grows.
        Assert.InRange(gc["item"].GetProperty("full").GetInt32(), 2, 4);
        Assert.True(gc["item"].GetProperty("pauseMax").GetDouble() > 100);
        Assert.All(gc.Values, g => Assert.True(g.GetProperty("collections").GetInt32() > 0 && g.GetProperty("pauseTotal").GetDouble() > 0));
        var host = Assert.Single(summary.GetProperty("hosts").EnumerateArray(), h => h.GetProperty("name").GetString() == "shop-host");
        Assert.Equal(shop, host.GetProperty("containers").EnumerateArray().Select(c => c.GetProperty("name").GetString()).Intersect(shop).Order());
        var report = await TextOf(Path.Combine(run.RunFolder, "report.pdf"));
        foreach (var expected in (string[])["shop-host", "gateway", "orders", "ItemService", "full collection"])
            Assert.Contains(expected, report, StringComparison.OrdinalIgnoreCase);
    }

    private static string Plan(string gateway) => $$$"""
        name: full link
        target: {{{gateway}}}
        load: { rate: 60/s, duration: 30s }
        hosts: [ env=shop ]
        scenarios:
          - name: browse
            weight: 4
            steps:
              - get: /item/7
                name: item
                service: item
          - name: buy
            weight: 1
            steps:
              - post: /order
                name: order
                service: orders
                json: { item: 1, quantity: 1 }
        thresholds:
          - http_req_failed: rate < 1%
        """;

    private static ContainerOrder Dotnet(string name, params string[] arguments) => new(name, ["dotnet", "/app/shop.dll", "--network", "--port", "8080", .. arguments])
    {
        Folders = [$"{Here}:/app:ro"],
        Labels = new Dictionary<string, string> { ["pressure.service"] = name },
        MemoryBytes = 512 << 20,
    };

    private static ContainerOrder Java(TempFolder folder) => new("item", ["java", "-Xmx512m", "-XX:+UseSerialGC", "-Xlog:gc*:file=/log/gc.log:time,uptime,level,tags", "-cp", "/app", "ItemService", "--host", "0.0.0.0", "--port", "8080"])
    {
        Folders = [$"{folder.File("java")}:/app:ro", $"{folder.File("log")}:/log"],
        Labels = new Dictionary<string, string> { ["pressure.service"] = "item" },
        MemoryBytes = 1L << 30,
        Cpus = 1,
    };

    private static async Task CompileAsync(TempFolder folder)
    {
        Directory.CreateDirectory(folder.File("log"));
        using var javac = Process.Start("javac", ["-encoding", "UTF-8", "-d", folder.File("java"), Path.Combine(Here, "ItemService.java")]);
        await javac.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, javac.ExitCode);
    }

    private static async Task AnswersAsync(string url, params DockerContainer[] containers)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var tries = 0; ; tries++)
        {
            try
            {
                (await client.GetAsync(url, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
                return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && tries < 200)
            {
                foreach (var container in containers)
                {
                    if (!(await container.InspectAsync()).GetProperty("State").GetProperty("Running").GetBoolean())
                        throw new IOException($"{container.Name} ended: {await container.LogAsync()}", e);
                }
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task EnrolAsync(TempFolder folder, string url, string port)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        using var made = await client.PostAsJsonAsync("/api/tokens", new { name = "shop-host", labels = new { env = "shop" } }, TestContext.Current.CancellationToken);
        var token = (await made.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("token").GetString()!;
        await using var enrol = new BesideProgram(Path.Combine(Here, "pressure-agent"), folder.Path, "enrol", "--server", $"https://127.0.0.1:{port}", "--token", token, "--data", folder.File("agent"));
        Assert.True(await enrol.EndAsync() == 0, enrol.Output);
    }

    private static async Task CollectAsync(string item)
    {
        using var client = new HttpClient();
        (await client.PostAsync($"{item}/admin/full-gc?times=1", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
    }

    private static async Task AllocateAsync(string service)
    {
        using var client = new HttpClient();
        (await client.PutAsJsonAsync($"{service}/_behaviour", new { allocate = 1 << 20 }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
    }

    private static async Task<string> TextOf(string pdf)
    {
        using var pdftotext = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", pdf, "-"]) { RedirectStandardOutput = true })!;
        var text = await pdftotext.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pdftotext.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text;
    }
}
