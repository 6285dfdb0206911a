using System.Text.Json;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A capture, real workers in networks of their own, a real broker and a real nginx that writes down what came over which connection.</summary>
public sealed class ReplayByWorkersTests(OpenRabbit rabbit) : IClassFixture<OpenRabbit>, IAsyncLifetime
{
    private const int Connections = 24;

    private readonly PressureProgram _program = new();
    private readonly List<WorkerProcess> _workers = [];
    private readonly Nginx _nginx = new(format: "$http_x_pressure_run $connection $request", isOpen: true);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _nginx.ReadyAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        await _nginx.DisposeAsync();
        _program.Dispose();
    }

    [Fact(Timeout = 240_000)]
    public async Task Three_workers_send_what_one_machine_sends_and_keep_the_order_of_each_connection()
    {
        await StartAsync("r1", "r2", "r3");
        Write(each: 15, apart: 150);
        var three = await ReplayAsync("three", "--no-report", "--compare", "--workers", "3", "--broker", rabbit.Broker.Address);
        var one = await ReplayAsync("one", "--no-report", "--compare");

        Assert.True(three.Ended.IsDone && one.Ended.IsDone, $"{three.Ended}{one.Ended}");
        var log = (await _nginx.QuitAndReadAsync()).Select(l => l.Split(' ')).GroupBy(l => l[0]).ToDictionary(g => g.Key, g => g.Select(l => (Connection: l[1], Target: l[3])).ToList());
        var (byThree, byOne) = (log[three.Run], log[one.Run]);
        Assert.Equal(Connections * 15, byOne.Count);
        Assert.Equal(byOne.Select(r => r.Target).Order(), byThree.Select(r => r.Target).Order());
        AssertOrder(byThree);

        foreach (var name in (string[])["captured", "replayed", "planned", "sent", "skipped"])
            Assert.Equal(one.Replay.GetProperty(name).ToString(), three.Replay.GetProperty(name).ToString());
        Assert.Equal(one.Replay.GetProperty("captures").ToString(), three.Replay.GetProperty("captures").ToString());
        Assert.Equal(0, three.Replay.GetProperty("untold").GetArrayLength());
        Assert.True(three.Replay.GetProperty("timing").GetProperty("p50").GetDouble() >= 0);
        Assert.Equal(Connections * 15, three.Differences.GetProperty("compared").GetInt32());
        Assert.Equal(one.Differences.GetProperty("same").GetInt32(), three.Differences.GetProperty("same").GetInt32());
    }

    [Fact(Timeout = 240_000)]
    public async Task One_of_three_is_killed_and_every_captured_request_is_accounted_for()
    {
        await StartAsync("q1", "q2", "q3");
        // Twenty seconds: no stall of a busy machine outlasts the lease, and there is time for a takeover.
        Write(each: 100, apart: 200);
        var folder = _program.RunFolder;
        var here = _workers[0].Here;
        var plan = $"{{ name: killed, target: 'http://{here}:{_nginx.Port}', load: {{ replay: {{ capture: shop.capture }} }}, workers: {{ count: 3, heartbeat: 1s, lease: 8s }} }}";
        var running = _program.Press(plan, "--quiet", "--allow", here.ToString(), "--broker", rabbit.Broker.Address);
        while (!RunFolder.Exists(folder) || !RunFolder.Read(folder).Intervals.Any(i => i.Second >= 3))
            await Task.Delay(50, Stop);
        _workers[1].Signal("KILL");
        var ended = await running.EndAsync();

        var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "summary.json"), Stop)).RootElement;
        var (requests, replay) = (summary.GetProperty("requests"), summary.GetProperty("replay"));
        var (asked, sent, notSent) = (requests.GetProperty("asked").GetInt64(), requests.GetProperty("sent").GetInt64(), summary.GetProperty("load").GetProperty("notSent").GetInt64());
        Assert.True((asked, asked) == (Connections * 100, sent + notSent), $"asked {asked}, sent {sent}, not sent {notSent}: {ended.Output}{ended.Error}");
        Assert.InRange(notSent, 1, asked / 2);
        Assert.Equal((asked, sent), (replay.GetProperty("planned").GetInt64(), replay.GetProperty("sent").GetInt64()));
        // What a killed one sent after its last full second nobody can tell.
        var served = (await _nginx.QuitAndReadAsync()).Select(l => l.Split(' ')).ToList();
        Assert.InRange(served.Count, sent, sent + 200);
        AssertOrder([.. served.Select(l => (l[1], l[3]))], isKilled: true);
        var untold = replay.GetProperty("untold").EnumerateArray().ToList();
        Assert.All(untold, u => Assert.Equal("q2", u.GetProperty("worker").GetString()));
        Assert.Contains("q2", await File.ReadAllTextAsync(Path.Combine(folder, "report.html"), Stop), StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper!.WriteLine($"asked {asked}, sent {sent}, not sent {notSent}, served {served.Count}, untold {untold.Sum(u => u.GetProperty("requests").GetInt64())}");
    }

    [Fact]
    public async Task What_passes_meanwhile_is_not_shared()
    {
        foreach (var order in (string[][])[["replay", "--interface", "lo", "--target", "http://127.0.0.1:9"], ["run", "live.yaml"]])
        {
            await File.WriteAllTextAsync(Path.Combine(_program.Folder, "live.yaml"), "{ name: live, target: 'http://127.0.0.1:9', load: { replay: { live: { interface: lo } }, duration: 5s } }", Stop);
            var ended = await _program.Start([.. order, "--workers", "2", "--broker", rabbit.Broker.Address]).EndAsync();
            Assert.Equal(2, ended.ExitCode);
            Assert.Contains("can't share what passes meanwhile", ended.Output + ended.Error, StringComparison.Ordinal);
        }
    }

    // Each captured connection is one connection at the server, and its requests come in their order; a worker that takes one over opens another.
    private static void AssertOrder(IReadOnlyList<(string Connection, string Target)> requests, bool isKilled = false)
    {
        foreach (var client in requests.GroupBy(r => r.Target.Split('/')[2]))
        {
            Assert.Equal(client.Select(r => int.Parse(r.Target.Split('/')[3])).Order(), client.Select(r => int.Parse(r.Target.Split('/')[3])));
            Assert.InRange(client.Select(r => r.Connection).Distinct().Count(), 1, isKilled ? 2 : 1);
        }
    }

    private async Task StartAsync(params string[] names)
    {
        _workers.AddRange(names.Select(n => new WorkerProcess(n, rabbit.Broker)));
        foreach (var worker in _workers)
            await worker.SaysAsync("waiting for work");
    }

    /// <summary>Some clients' requests, and one that may write.</summary>
    private void Write(int each, double apart)
    {
        using var capture = new CaptureOf(Path.Combine(_program.Folder, "shop.capture"));
        for (var n = 0; n < each; n++)
        {
            for (var client = 0; client < Connections; client++)
                capture.Get(client, n * apart + client * 7, $"/{(client % 3 == 0 ? "cart" : "item")}/{client}/{n}");
        }
        capture.Add(0, each * apart, "POST /order HTTP/1.1\r\nHost: shop.example\r\n", "{}");
    }

    private PressureProgram Replay(string folder, params string[] options)
    {
        // A loopback address would be each worker's own.
        var here = _workers[0].Here;
        return _program.Start(["replay", "shop.capture", "--target", $"http://{here}:{_nginx.Port}", "--allow", here.ToString(), "--quiet", "--out", folder, .. options]);
    }

    private async Task<(Ended Ended, string Run, JsonElement Replay, JsonElement Differences)> ReplayAsync(string folder, params string[] options)
    {
        var ended = await Replay(folder, options).EndAsync();
        var path = Path.Combine(_program.Folder, folder);
        Assert.True(File.Exists(Path.Combine(path, "summary.json")), ended.Output + ended.Error);
        var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(path, "summary.json"), Stop)).RootElement;
        return (ended, RunFolder.ReadManifest(path).Id, summary.GetProperty("replay"), summary.GetProperty("differences"));
    }
}
