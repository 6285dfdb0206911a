using System.Diagnostics;
using System.Text.Json;
using Pressure.TestKit;
using Shop;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>
/// The whole way of a copy: mixed load on the sample shop, recorded by tcpdump and live by the command at the same time, replayed against a second shop.
/// bench/proof-copy.sh is the long version.
/// </summary>
public sealed class ShopProofTests : IAsyncLifetime
{
    private readonly PressureProgram _program = new();
    private ShopHost _recorded = null!;
    private ShopHost _second = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _recorded = await ShopHost.StartAsync(new ShopOptions { Port = 0 });
        _second = await ShopHost.StartAsync(new ShopOptions { Port = 0 });
    }

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        await _recorded.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact(Timeout = 240_000)]
    public async Task What_a_shop_was_asked_is_asked_of_another_one_request_by_request()
    {
        await RecordAsync();
        var asked = Asked(_recorded);
        Assert.True(asked.Count >= 7, string.Join(", ", asked));
        await DoAsync("capture", "dump.pcap", "--port", $"{_recorded.GatewayUrl.Port}", "--out", "dump.capture", "--quiet");

        foreach (var capture in new[] { "dump.capture", "live.capture" })
        {
            var info = await CaptureAsync(capture);
            Assert.Equal((true, asked.Values.Sum()), (info.IsBalanced, info.Exchanges));
        }

        Assert.Equal(Reading(asked), await ReplayedAsync("dump.capture", "1x"));
        Assert.Equal(asked, await ReplayedAsync("live.capture", "5x", "--method", "POST"));
    }

    /// <summary>Our own load, and beside it curl, which writes its requests in other ways.</summary>
    private async Task RecordAsync()
    {
        var port = _recorded.GatewayUrl.Port;
        using var live = new PressureProgram();
        live.Start("capture", "--interface", "lo", "--port", $"{port}", "--out", Path.Combine(_program.Folder, "live.capture"), "--quiet");
        using (var tcpdump = Tcpdump.Start(Path.Combine(_program.Folder, "dump.pcap"), $"tcp port {port}"))
        {
            // The file is there once the interface is open.
            while (!File.Exists(Path.Combine(_program.Folder, "live.capture")))
                await Task.Delay(50, Stop);
            var pressed = _program.Press($$"""
                name: shop
                target: {{_recorded.GatewayUrl}}
                load: { rate: 80/s, duration: 4s, arrivals: poisson }
                scenarios:
                  - { weight: 5, steps: [ { get: / }, { get: /item/7 }, { get: "/search?q=tea" } ] }
                  - { weight: 3, steps: [ { get: /cart/anna }, { post: /cart/anna, json: { item: 7 } }, { get: /cart/anna } ] }
                  - { weight: 1, steps: [ { post: /order, json: { item: 7 }, check: { status: 201 } }, { get: /item/99999, check: { status: 404 } }, { get: /nowhere, check: { status: 404 } } ] }
                """, "--no-report", "--quiet").EndAsync();
            for (var i = 0; i < 5; i++)
                await CurlAsync("-H", $"Cookie: visit={i}", $"{_recorded.GatewayUrl}item/{i + 1}", $"{_recorded.GatewayUrl}cart/user-{i}", "--next", "-sS", "-d", "{\"item\":1}", "-H", "Content-Type: application/json", $"{_recorded.GatewayUrl}order");
            Assert.True((await pressed).IsDone, $"{await pressed}");
            await tcpdump.StopAsync();
        }
        live.Signal("INT");
        var ended = await live.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
    }

    private async Task<SortedDictionary<string, long>> ReplayedAsync(string capture, string speed, params string[] options)
    {
        _second.ResetStats();
        var folder = Path.Combine(_program.Folder, $"{capture}-{speed}");
        var ended = await _program.Start(["replay", capture, "--target", _second.GatewayUrl.ToString(), "--speed", speed, "--compare", "--no-report", "--quiet", "--out", folder, .. options]).EndAsync();
        Assert.True(ended.IsDone, $"{ended}");
        var replay = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "replay.json"), Stop)).RootElement;
        Assert.Equal(replay.GetProperty("planned").GetInt64(), replay.GetProperty("sent").GetInt64());
        var differences = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "differences.json"), Stop)).RootElement;
        Assert.Equal(replay.GetProperty("sent").GetInt64(), differences.GetProperty("compared").GetInt64());
        return Asked(_second);
    }

    /// <summary>How often each endpoint of the front door was asked, by the shop's own count.</summary>
    private static SortedDictionary<string, long> Asked(ShopHost shop) =>
        new(shop.Stats()[ShopRole.Gateway].Endpoints.ToDictionary(e => e.Key, e => e.Value.Received), StringComparer.Ordinal);

    private static SortedDictionary<string, long> Reading(SortedDictionary<string, long> asked) =>
        new(asked.Where(a => !a.Key.StartsWith("POST", StringComparison.Ordinal)).ToDictionary(), StringComparer.Ordinal);

    private async Task<(bool IsBalanced, long Exchanges)> CaptureAsync(string file)
    {
        var shown = await DoAsync("capture", "show", file, "--json");
        var capture = JsonDocument.Parse(shown.Output).RootElement.GetProperty("capture");
        return (capture.GetProperty("accounts").GetProperty("balanced").GetBoolean(), capture.GetProperty("exchanges").GetInt64());
    }

    private async Task<Ended> DoAsync(params string[] arguments)
    {
        var ended = await _program.Start(arguments).EndAsync();
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        return ended;
    }

    private static async Task CurlAsync(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await curl.WaitForExitAsync(Stop);
        Assert.True(curl.ExitCode == 0, await curl.StandardError.ReadToEndAsync(Stop));
    }
}
