using System.Net;
using System.Text;
using System.Text.Json;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Agents capture what real servers serve, into a file or straight into a replay.</summary>
public sealed class AgentCaptureTests
{
    private static readonly int[] OtherPorts = [22];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task What_two_agents_captured_is_what_their_servers_logged_one_by_one()
    {
        await using var room = await AgentRoom.MakeAsync(2);
        await using var capture = room.Pressure("capture", "--agent", "a1", "--agent", "a2", "--interface", "lo", "--service", room.Service, "--out", "two.capture", "--json");
        await room.CapturingAsync("a1", "a2");
        for (var i = 0; i < 40; i++)
        {
            AgentRoom.Curl("-H", "Authorization: Bearer hidden", room.UrlOf(1, $"/item/{i}?token=hidden"), room.UrlOf(1, $"/again/{i}"));
            AgentRoom.Curl("-d", "password=hidden&a=1", room.UrlOf(2, $"/order/{i}"));
        }

        await capture.SignalAsync("INT");
        Assert.True(await capture.EndAsync() == 0, capture.Output);
        using var reader = CaptureReader.Open(room.File("two.capture"));
        var captured = reader.ByTime().Select(e => (e.Server.Port, e.Connection, Line: Request(e))).ToList();
        foreach (var agent in new[] { 1, 2 })
            Assert.Equal((await room.LogAsync(agent)).Select(l => l.Replace("token=hidden", "token=***", StringComparison.Ordinal)), captured.Where(c => c.Port == room.PortOf(agent)).Select(c => c.Line));
        Assert.Equal(80, captured.DistinctBy(c => c.Connection).Count());
        Assert.True(reader.Info.Accounts!.IsBalanced);
        Assert.Equal(120, reader.Info.Accounts[Happening.Exchange]);
        Assert.DoesNotContain("hidden", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(room.File("two.capture"), Stop)), StringComparison.Ordinal);
        var agents = JsonDocument.Parse(capture.Output).RootElement.GetProperty("agents").EnumerateArray().ToList();
        Assert.Equal(["a1 80 True", "a2 40 True"], agents.Select(a => $"{a.GetProperty("agent")} {a.GetProperty("exchanges")} {a.GetProperty("isWhole")}"));
    }

    [Fact(Timeout = 240_000)]
    public async Task Five_agents_onto_one_target_and_each_source_has_as_many_there_as_its_own_server_had()
    {
        await using var room = await AgentRoom.MakeAsync(5);
        var names = Enumerable.Range(1, 5).Select(i => $"a{i}").ToArray();
        string[] options = ["--interface", "lo", "--target", room.Target.AbsoluteUri, "--method", "POST", "--service", room.Service, "--out", room.File("run"), "--no-report", "--quiet"];
        await using var replay = room.Pressure(["replay", .. names.SelectMany(n => new[] { "--agent", n }), .. options]);
        await room.CapturingAsync(names);
        for (var i = 0; i < 12; i++)
        {
            for (var agent = 1; agent <= 5; agent++)
            {
                for (var more = 0; more < agent; more++)
                    AgentRoom.Curl(room.UrlOf(agent, $"/a{agent}/item/{i}"), room.UrlOf(agent, $"/a{agent}/again/{i}"));
                AgentRoom.Curl("-d", "a=1", room.UrlOf(agent, $"/a{agent}/order/{i}"));
            }
        }

        await AgentRoom.UntilAsync(async () => (await room.LogAsync(0)).Length >= 12 * (2 * 15 + 5));
        await replay.SignalAsync("INT");
        await replay.EndAsync();
        var target = await room.LogAsync(0);
        var record = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(room.File("run"), "replay.json"), Stop)).RootElement;
        foreach (var (i, source) in record.GetProperty("captures").EnumerateArray().Index())
        {
            var log = await room.LogAsync(i + 1);
            Assert.Equal(12 * (2 * (i + 1) + 1), log.Length);
            Assert.Equal(log.Order(), target.Where(l => l.Contains($" /a{i + 1}/", StringComparison.Ordinal)).Order());
            Assert.Equal((log.Length, log.Length), (source.GetProperty("requests").GetInt32(), source.GetProperty("sent").GetInt32()));
        }

        Assert.False(record.GetProperty("skipped").EnumerateObject().Any(), record.ToString());
    }

    [Fact(Timeout = 180_000)]
    public async Task What_a_killed_agent_had_sent_is_kept_and_told()
    {
        await using var room = await AgentRoom.MakeAsync(1);
        var (status, begun) = await room.SendAsync(HttpMethod.Post, "/api/agents/a1/capture", new { @interface = "lo", lease = 12 });
        Assert.Equal(HttpStatusCode.Created, status);
        for (var i = 0; i < 10; i++)
            AgentRoom.Curl(room.UrlOf(1, $"/item/{i}"));
        await AgentRoom.UntilAsync(async () => (await StateAsync(room)).GetProperty("exchanges").GetInt32() == 10);
        await room.Agent("a1").SignalAsync("KILL");
        await AgentRoom.UntilAsync(async () => (await StateAsync(room)).GetProperty("state").GetString() == "brokenOff");
        Assert.Contains("nothing could be fetched for 12 s", (await StateAsync(room)).GetProperty("why").GetString(), StringComparison.Ordinal);
        using var reader = CaptureReader.Open(Path.Combine(room.Captures, begun.GetProperty("file").GetString()!));
        Assert.Equal(await room.LogAsync(1), reader.ByTime().Select(Request));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_service_that_is_killed_goes_on_with_its_capture_when_it_is_started_again()
    {
        await using var room = await AgentRoom.MakeAsync(1);
        var (_, begun) = await room.SendAsync(HttpMethod.Post, "/api/agents/a1/capture", new { @interface = "lo", lease = 120 });
        var path = Path.Combine(room.Captures, begun.GetProperty("file").GetString()!);
        // Three times: while it captures, while nobody is there, and right after something came.
        for (var i = 0; i < 10; i++)
            AgentRoom.Curl(room.UrlOf(1, $"/before/{i}"));
        await AgentRoom.UntilAsync(() => Task.FromResult(CountOf(path) == 10));
        for (var round = 0; round < 2; round++)
        {
            AgentRoom.Curl(room.UrlOf(1, $"/at/{round}"), room.UrlOf(1, $"/at/again/{round}"));
            await room.ServiceProcess.SignalAsync("KILL");
            await room.ServiceProcess.EndAsync();
            for (var i = 0; i < 5; i++)
                AgentRoom.Curl(room.UrlOf(1, $"/away/{round}/{i}"));
            await room.ServeAgainAsync();
        }

        AgentRoom.Curl(room.UrlOf(1, "/after"));
        await AgentRoom.UntilAsync(async () => (await StateAsync(room)).GetProperty("exchanges").GetInt32() == 25);
        Assert.Equal("running", (await StateAsync(room)).GetProperty("state").GetString());
        await room.SendAsync(HttpMethod.Delete, "/api/agents/a1/capture");
        await AgentRoom.UntilAsync(async () => (await StateAsync(room)).GetProperty("state").GetString() == "ended");

        using var reader = CaptureReader.Open(path);
        Assert.Equal(await room.LogAsync(1), reader.ByTime().Select(Request));
        Assert.Equal((true, 25L), (reader.Info.IsComplete, reader.Info.Accounts![Happening.Exchange]));
        Assert.Equal([path], Directory.GetFiles(room.Captures));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_capture_whose_agent_is_gone_as_well_ends_with_what_there_is()
    {
        await using var room = await AgentRoom.MakeAsync(1);
        var (_, begun) = await room.SendAsync(HttpMethod.Post, "/api/agents/a1/capture", new { @interface = "lo" });
        var path = Path.Combine(room.Captures, begun.GetProperty("file").GetString()!);
        for (var i = 0; i < 10; i++)
            AgentRoom.Curl(room.UrlOf(1, $"/item/{i}"));
        await AgentRoom.UntilAsync(() => Task.FromResult(CountOf(path) == 10));
        await room.ServiceProcess.SignalAsync("KILL");
        await room.ServiceProcess.EndAsync();
        // Started anew, it has forgotten everything.
        await room.StartAgainAsync("a1", "--allow-capture", $"{room.PortOf(1)}");
        await room.ServeAgainAsync();
        await AgentRoom.UntilAsync(async () => (await StateAsync(room)).GetProperty("state").GetString() == "brokenOff");

        Assert.Contains("no such capture", (await StateAsync(room)).GetProperty("why").GetString(), StringComparison.Ordinal);
        using var reader = CaptureReader.Open(path);
        Assert.Equal(await room.LogAsync(1), reader.ByTime().Select(Request));
        // All that had come is there; nobody could say that it was all that passed.
        Assert.False(reader.Info.IsComplete);
        Assert.Equal(HttpStatusCode.Created, (await room.SendAsync(HttpMethod.Post, "/api/agents/a1/capture", new { @interface = "lo" })).Status);
    }

    [Fact(Timeout = 180_000)]
    public async Task Without_the_owners_word_without_the_right_and_for_other_ports_it_is_refused_in_a_sentence()
    {
        await using var room = await AgentRoom.MakeAsync(1);
        await room.StartAgentAsync("shy");
        await room.StartAgentAsync("poor", "setpriv", ["--bounding-set=-net_raw,-net_admin", Path.Combine(AppContext.BaseDirectory, "pressure-agent")], "--allow-capture", "any");
        Assert.Contains("--allow-capture", await RefusalAsync(room, "shy", new { }), StringComparison.Ordinal);
        Assert.Contains("You may not capture", await RefusalAsync(room, "poor", new { }), StringComparison.Ordinal);
        Assert.Contains("lets port", await RefusalAsync(room, "a1", new { ports = OtherPorts }), StringComparison.Ordinal);
        Assert.Contains("no interface", await RefusalAsync(room, "a1", new { @interface = "none0" }), StringComparison.Ordinal);
        await using var capture = room.Pressure("capture", "--agent", "a1", "--agent", "shy", "--service", room.Service, "--out", "none.capture");
        Assert.Equal(2, await capture.EndAsync());
        Assert.Contains("shy: This agent captures no traffic", capture.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(room.File("none.capture")));
        // The other one was let go of.
        Assert.Equal(HttpStatusCode.Created, (await room.SendAsync(HttpMethod.Post, "/api/agents/a1/capture", new { @interface = "lo" })).Status);
    }

    private static async Task<string> RefusalAsync(AgentRoom room, string agent, object ask)
    {
        var (status, answer) = await room.SendAsync(HttpMethod.Post, $"/api/agents/{agent}/capture", ask);
        Assert.Equal(HttpStatusCode.Conflict, status);
        return answer.GetProperty("detail").GetString()!;
    }

    private static async Task<JsonElement> StateAsync(AgentRoom room) => (await room.SendAsync(HttpMethod.Get, "/api/agents/a1/capture")).Answer;

    private static int CountOf(string path)
    {
        using var reader = CaptureReader.Open(path);
        return reader.ByTime().Count();
    }

    private static string Request(CapturedExchange exchange)
    {
        var head = new HttpHead(exchange.Request.Head.Span);
        return $"{Encoding.ASCII.GetString(head.Method)} {Encoding.ASCII.GetString(head.Target)}";
    }
}
