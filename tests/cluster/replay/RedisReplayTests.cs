using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;
using Pressure.TrafficCopy;

namespace Pressure.Cluster.Tests;

/// <summary>What clients wrote into a Redis is captured by tcpdump and replayed in lock-step into an empty one, which then holds the same.</summary>
public sealed class RedisReplayTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("1")]
    [InlineData("max")]
    public async Task The_same_data_are_in_the_other_Redis(string speed)
    {
        await using var source = await RedisServer.StartAsync();
        await using var target = await RedisServer.StartAsync();
        var empty = await target.DigestAsync();
        var (capture, accounts) = await CaptureAsync(source.Port, () => Task.WhenAll([.. Enumerable.Range(0, 4).Select(n => WriteAsync(source, n)), CliAsync(source.Port)]));

        var outcome = await ReplayAsync(capture, target.Port, speed);

        Assert.NotEqual(empty, await source.DigestAsync());
        Assert.Equal(await source.DigestAsync(), await target.DigestAsync());
        Assert.Equal((5, 5, 0), (accounts[Happening.Connection], accounts[Happening.RawConversation], accounts[Happening.Gap]));
        var replay = RunFolder.Read(outcome.Folder).Replay!;
        Assert.Equal((accounts[Happening.Exchange], accounts[Happening.Exchange]), (replay.Planned, replay.Sent));
        Assert.Empty(replay.Skipped);
        Assert.Equal(replay.Sent, outcome.Summary.Requests.Ok);
    }

    [Fact]
    public async Task Answers_of_another_length_keep_the_step()
    {
        await using var source = await RedisServer.StartAsync();
        await using var target = await RedisServer.StartAsync();
        // What is there already makes some answers longer than the captured ones, and others shorter.
        await SetAsync(target, "longer", 100_000);
        await SetAsync(source, "shorter", 100_000);
        var (capture, accounts) = await CaptureAsync(source.Port, async () =>
        {
            using var connection = await source.ConnectAsync();
            for (var i = 0; i < 50; i++)
            {
                await connection.AskAsync("APPEND", "longer", "y");
                await connection.AskAsync("GET", "longer");
                await connection.AskAsync("GET", "shorter");
                await connection.AskAsync("RPUSH", "list", $"{i}");
            }
        });

        var outcome = await ReplayAsync(capture, target.Port, "max");

        Assert.Equal(200, accounts[Happening.Exchange]);
        Assert.Equal(200, outcome.Summary.Requests.Ok);
        using var asking = await target.ConnectAsync();
        Assert.Equal($"[{string.Join(", ", Enumerable.Range(0, 50))}]", await asking.AskAsync("LRANGE", "list", "0", "-1"));
        Assert.Equal(":100050", await asking.AskAsync("STRLEN", "longer"));
    }

    private static async Task SetAsync(RedisServer server, string key, int length)
    {
        using var connection = await server.ConnectAsync();
        await connection.AskAsync("SET", key, new string('x', length));
    }

    /// <summary>A client of every habit: one command at a time, pipelines, transactions, scripts, another database, large and binary values.</summary>
    private static async Task WriteAsync(RedisServer server, int number)
    {
        var random = new Random(number);
        using var connection = await server.ConnectAsync();
        if (number == 3)
            await connection.AskAsync("SELECT", "1");
        for (var i = 0; i < 150; i++)
        {
            // Keys are each client's own, but for a counter for which their order does not matter.
            string Key() => $"{number}:{random.Next(40)}";
            string[][] commands = random.Next(9) switch
            {
                0 => [["SET", Key() + "s", Text(random, random.Next(10) == 0 ? 200_000 : 50)]],
                1 => [["INCRBY", "counter", $"{random.Next(100)}"], ["APPEND", Key() + "s", "more"]],
                2 => [["HSET", Key() + "h", Text(random, 5), Text(random, 500)], ["HLEN", Key() + "h"]],
                3 => [["RPUSH", Key() + "l", Text(random, 20), Text(random, 20)], ["LPOP", Key() + "l"], ["LRANGE", Key() + "l", "0", "-1"]],
                4 => [["ZADD", Key() + "z", $"{random.Next(1000)}", Text(random, 4)], ["ZRANGE", Key() + "z", "0", "-1", "WITHSCORES"]],
                5 => [["MULTI"], ["SET", Key() + "s", "a"], ["SADD", Key() + "e", Text(random, 3)], ["EXEC"]],
                6 => [["EVAL", "return redis.call('SET', KEYS[1], ARGV[1] .. #ARGV[1])", "1", Key() + "s", Text(random, 30)]],
                7 => [["GET", Key() + "s"], ["NOSUCHCOMMAND"], ["EXPIRE", Key() + "s", "100000"], ["DEL", Key() + "h"]],
                _ => [.. Enumerable.Range(0, 100).Select(n => new[] { "SADD", Key() + "e", $"{n}" })],
            };
            if (random.Next(2) == 0)
            {
                await connection.SendAsync(commands.SelectMany(c => RedisConnection.Command(c)).ToArray());
                foreach (var _ in commands)
                    await connection.ReplyAsync();
            }
            else
            {
                foreach (var command in commands)
                    await connection.AskAsync(command);
            }
        }
    }

    private static async Task CliAsync(int port)
    {
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", ["-p", port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var said = cli.StandardOutput.ReadToEndAsync();
        for (var i = 0; i < 50; i++)
            await cli.StandardInput.WriteLineAsync($"SET cli:{i} \"value {i}\"");
        cli.StandardInput.Close();
        Assert.Equal(string.Concat(Enumerable.Repeat("OK\n", 50)), await said);
        await cli.WaitForExitAsync();
    }

    private static string Text(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    private async Task<(string File, CaptureAccounts Accounts)> CaptureAsync(int port, Func<Task> deed)
    {
        var (packets, file) = (_temp.File("redis.pcap"), _temp.File("redis.capture"));
        using (var tcpdump = Tcpdump.Start(packets, $"tcp port {port}"))
        {
            await deed();
            await tcpdump.StopAsync();
        }

        var accounts = new CaptureAccounts();
        using var writer = new CaptureWriter(file);
        var pipeline = CapturePipeline.ToExchanges(writer, accounts, new CapturePipelineOptions
        {
            Asked = new AskedServers { Ports = [port] },
            Conversations = new ConversationOptions { KeepRaw = true },
        });
        Assert.True(pipeline.Read(packets).IsComplete);
        pipeline.Flush();
        Assert.True(accounts.IsBalanced, AccountsText.Of(accounts));
        writer.Complete();
        return (file, accounts);
    }

    private async Task<RunOutcome> ReplayAsync(string capture, int port, string speed)
    {
        var text = $"{{ name: test, target: 'tcp://127.0.0.1:{port}', load: {{ replay: {{ capture: {capture}, tcp: true, speed: {speed} }} }} }}";
        var read = PlanReader.ParseIn(_temp.Path, text, "plan.yaml");
        Assert.Empty(read.Problems.Select(p => p.ToString()));
        var prepared = ReplayPreparation.Open(read.Plan!, "plan.yaml", CaptureReader.Open, out var problems);
        Assert.Empty(problems.Select(p => p.ToString()));
        var request = new RunRequest(prepared!.Plan, text, _temp.File("run"), [], new ReportOptions(ReportLanguage.En, Html: false, Pdf: false)) { Captures = prepared };
        return await new Coordinator(TimeProvider.System).Start(request).Completion;
    }
}
