using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>From packets to the same data in another Redis, by the command alone.</summary>
public class RedisReplayTests
{
    [Fact]
    public async Task A_captured_session_is_replayed_into_an_empty_Redis()
    {
        await using var source = await RedisServer.StartAsync();
        await using var target = await RedisServer.StartAsync();
        using var program = new PressureProgram();
        using (var tcpdump = Tcpdump.Start(Path.Combine(program.Folder, "redis.pcap"), $"tcp port {source.Port}"))
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(n => WriteAsync(source, n)));
            await tcpdump.StopAsync();
        }

        await DoAsync(program, "capture", "redis.pcap", "--out", "redis.capture", "--tcp", "--port", $"{source.Port}");
        await DoAsync(program, "replay", "redis.capture", "--target", $"tcp://127.0.0.1:{target.Port}", "--tcp", "--no-report", "--out", program.RunFolder);

        Assert.Equal(await source.DigestAsync(), await target.DigestAsync());
        using var replay = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(program.RunFolder, "replay.json"), TestContext.Current.CancellationToken));
        Assert.Equal((300, 300), (replay.RootElement.GetProperty("planned").GetInt64(), replay.RootElement.GetProperty("sent").GetInt64()));
    }

    private static async Task DoAsync(PressureProgram program, params string[] arguments)
    {
        var (code, output, error) = await program.Start(arguments).EndAsync();
        Assert.True(code == 0, output + error);
    }

    private static async Task WriteAsync(RedisServer server, int number)
    {
        using var connection = await server.ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            await connection.AskAsync("HSET", $"hash:{number}", $"field:{i % 7}", new string('v', i * 10));
            await connection.AskAsync("INCR", "counter");
        }
    }
}
