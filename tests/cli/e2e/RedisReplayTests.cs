using System.Text.Json;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>From packets to the same data in another Redis, by the command alone.</summary>
public class RedisReplayTests(OpenRabbit rabbit) : IClassFixture<OpenRabbit>
{
    private const int Clients = 6;

    [Fact(Timeout = 120_000)]
    public async Task A_captured_session_is_replayed_into_an_empty_Redis()
    {
        await using var source = await RedisServer.StartAsync();
        await using var target = await RedisServer.StartAsync();
        using var program = new PressureProgram();
        await RecordAsync(program, source);

        await ReplayAsync(program, "redis.capture", "--target", $"tcp://127.0.0.1:{target.Port}", "--tcp", "--no-report", "--out", program.RunFolder);

        await AssertSameAsync(program, source, target);
    }

    [Fact(Timeout = 120_000)]
    public async Task Two_workers_replay_a_captured_session_as_one_machine_does()
    {
        await using var source = await RedisServer.StartAsync();
        await using var target = await RedisServer.StartAsync(isOpen: true);
        using var program = new PressureProgram();
        await RecordAsync(program, source);
        await using var one = new WorkerProcess("tcp1", rabbit.Broker);
        await using var two = new WorkerProcess("tcp2", rabbit.Broker);
        foreach (var worker in (WorkerProcess[])[one, two])
            await worker.SaysAsync("waiting for work");

        await ReplayAsync(program, "redis.capture", "--target", $"tcp://{one.Here}:{target.Port}", "--tcp", "--allow", one.Here.ToString(), "--no-report", "--out", program.RunFolder, "--workers", "2", "--broker", rabbit.Broker.Address);

        await AssertSameAsync(program, source, target);
        // Both had clients of their own.
        Assert.All((WorkerProcess[])[one, two], worker => Assert.Contains(Directory.GetDirectories(worker.Runs, "*", SearchOption.AllDirectories), d => RunFolder.Exists(d) && RunFolder.Read(d).Intervals.Sum(i => i.Requests.Sum(r => r.Sent)) > 0));
    }

    /// <summary>What some clients write at once, and the order between them does not matter for.</summary>
    private static async Task RecordAsync(PressureProgram program, RedisServer source)
    {
        using (var tcpdump = Tcpdump.Start(Path.Combine(program.Folder, "redis.pcap"), $"tcp port {source.Port}"))
        {
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(n => WriteAsync(source, n)));
            await tcpdump.StopAsync();
        }

        var ended = await program.Start("capture", "redis.pcap", "--out", "redis.capture", "--tcp", "--port", $"{source.Port}").EndAsync();
        Assert.True(ended.ExitCode == 0, $"{ended}");
    }

    private static async Task AssertSameAsync(PressureProgram program, RedisServer source, RedisServer target)
    {
        Assert.Equal(await source.DigestAsync(), await target.DigestAsync());
        using var replay = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(program.RunFolder, "replay.json"), TestContext.Current.CancellationToken));
        Assert.Equal((Clients * 100, Clients * 100), (replay.RootElement.GetProperty("planned").GetInt64(), replay.RootElement.GetProperty("sent").GetInt64()));
    }

    private static async Task ReplayAsync(PressureProgram program, params string[] arguments)
    {
        var ended = await program.Start(["replay", .. arguments]).EndAsync();
        Assert.True(ended.IsDone, $"{ended}");
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
