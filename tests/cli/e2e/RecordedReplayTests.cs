using System.Text.Json;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Load that tcpdump records is replayed from its file, and the server counts the same.</summary>
public sealed class RecordedReplayTests : IDisposable
{
    private readonly PressureProgram _program = new();
    private readonly RecordedShop _shop = new();

    public void Dispose()
    {
        _program.Dispose();
        _shop.Dispose();
    }

    [Fact]
    public async Task What_tcpdump_recorded_is_asked_again_as_often_at_any_speed()
    {
        var file = Path.Combine(_program.Folder, "shop.pcap");
        var plan = $$"""
            name: mixed
            target: {{_shop.Url}}
            load: { rate: 200/s, duration: 3s, arrivals: poisson }
            scenarios:
              - { weight: 5, steps: [ { get: /item/7 }, { get: /item/8?color=red } ] }
              - { weight: 3, steps: [ { get: /cart }, { post: /order, json: { item: 7 } }, { head: /cart } ] }
              - { weight: 1, steps: [ { get: /gone, check: { status: 404 } }, { get: /moved, redirects: 0, check: { status: 302 } } ] }
            """;
        await _shop.RecordAsync(file, async () => AssertDone(await _program.Press(plan, "--allow", _shop.Host, "--no-report", "--quiet").EndAsync()));
        var recorded = _shop.Asked();
        Assert.Equal(7, recorded.Count);
        var orders = recorded.First(r => r.Key.StartsWith("POST", StringComparison.Ordinal));

        foreach (var speed in new[] { "1x", "5x", "max" })
        {
            var folder = Path.Combine(_program.Folder, speed);
            var ended = await _program.Start("replay", file, "--target", _shop.Url, "--allow", _shop.Host, "--speed", speed, "--method", "POST", "--compare", "--no-report", "--quiet", "--out", folder).EndAsync();
            AssertDone(ended);
            Assert.Equal(recorded, _shop.Asked());
            var replay = Read(folder, "replay.json");
            Assert.Equal(recorded.Values.Sum(), replay.GetProperty("sent").GetInt32());
            Assert.Equal("{}", replay.GetProperty("skipped").ToString());
            var differences = Read(folder, "differences.json");
            Assert.Equal((recorded.Values.Sum(), recorded.Values.Sum()), (differences.GetProperty("compared").GetInt32(), differences.GetProperty("same").GetInt32()));
        }

        var safe = await _program.Start("replay", file, "--target", _shop.Url, "--allow", _shop.Host, "--speed", "max", "--set", "X-Source: again", "--quiet", "--no-report", "--out", Path.Combine(_program.Folder, "safe")).EndAsync();
        AssertDone(safe);
        Assert.Equal(recorded.Where(r => r.Key != orders.Key).Select(r => (r.Key.Replace(" -", " again", StringComparison.Ordinal), r.Value)), _shop.Asked().Select(r => (r.Key, r.Value)));
        Assert.Equal(orders.Value, Read(Path.Combine(_program.Folder, "safe"), "replay.json").GetProperty("skipped").GetProperty("method").GetInt32());
    }

    private static void AssertDone(Ended ended) => Assert.True(ended.IsDone, $"{ended}");

    private static JsonElement Read(string folder, string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, file))).RootElement;
}
