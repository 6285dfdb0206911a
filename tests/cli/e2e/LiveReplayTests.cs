using System.Net;
using System.Text;
using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>What passes an interface of this machine goes straight into a replay, without an agent; and the service replays what passes agents' hosts.</summary>
public sealed class LiveReplayTests : IDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly TempFolder _folder = new();
    private readonly NginxInFolder _nginx;

    public LiveReplayTests()
    {
        _nginx = new(_folder, """
            log_format requests "$request_method $request_uri"; keepalive_requests 1000;
            server { listen 127.0.0.1:8080; access_log production.log requests; location / { return 200 "hello\n"; } }
            server { listen 127.0.0.1:8081; access_log target.log requests; location / { return 200 "hello\n"; } }
            """, _network);
        _network.Do("curl", "-sS", "--retry", "50", "--retry-connrefused", "--retry-delay", "0", "http://127.0.0.1:8080/ready");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Each_path_comes_to_the_target_as_often_as_to_production_and_the_replay_does_not_replay_itself()
    {
        // All of the interface: production's requests, and those that the replay sends.
        await using var replay = Replay("--interface", "lo", "--target", "http://127.0.0.1:8081", "--method", "POST");
        await replay.LineAsync("Run ");
        for (var i = 0; i < 20; i++)
        {
            Curl("-H", "Cookie: session=7", $"http://127.0.0.1:8080/item/{i % 5}", $"http://127.0.0.1:8080/list?page={i}");
            Curl("-d", "a=1", "http://127.0.0.1:8080/order");
        }

        // More than these would be told below.
        await UntilAsync(async () => (await LogAsync("target")) is { Count: >= 60 } sent && sent.Distinct().Count() == 26);
        await replay.SignalAsync("INT");

        // Nobody said for how long: Ctrl-C is its end, and no interruption (130). 5 is a machine that was too busy to measure.
        Assert.True(await replay.EndAsync() is 0 or 5, replay.Output);
        Assert.DoesNotContain("internal error", replay.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(string.Join('\n', Counts(await LogAsync("production"))), string.Join('\n', Counts(await LogAsync("target"))));
        var record = await RecordAsync();
        var source = Assert.Single(record.GetProperty("captures").EnumerateArray());
        Assert.Equal(("lo", 60), (source.GetProperty("name").GetString(), source.GetProperty("sent").GetInt32()));
        // Its own: those that it replayed, and those of the rehearsal, if the interface was open by then.
        var own = record.GetProperty("skipped").GetProperty("own").GetInt32();
        Assert.InRange(own, 60, 60 + 110);
        Assert.Equal(60 + own, source.GetProperty("requests").GetInt32());
        // And what the report is made of can be read again.
        var summary = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("run/summary.json"), Stop)).RootElement;
        Assert.Contains(summary.GetProperty("verdict").GetString(), (string?[])["no-criteria", "invalid"]);
        Assert.Equal(0, summary.GetProperty("replay").GetProperty("captures")[0].GetProperty("live").GetProperty("way").GetInt32());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_target_that_is_not_there_fails_the_run_and_all_requests_are_accounted_for()
    {
        await using var replay = Replay("--interface", "lo", "--port", "8080", "--target", "http://127.0.0.1:9");
        await replay.LineAsync("Run ");
        Curl("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/b");
        await UntilAsync(async () => File.Exists(_folder.File("run/replay.json")) && (await RecordAsync()).GetProperty("sent").GetInt32() == 2);
        await replay.SignalAsync("INT");

        Assert.Equal(99, await replay.EndAsync());
        Assert.Contains("2 sent, 0 ok, 2 failed", replay.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Where_nothing_passes_it_ends_in_its_time_and_says_that_nothing_was_sent()
    {
        await using var replay = Replay("--interface", "lo", "--port", "9", "--target", "http://127.0.0.1:8081", "--duration", "2s");

        Assert.True(await replay.EndAsync() is 0 or 5, replay.Output);
        Assert.Contains("0 sent", replay.Output, StringComparison.Ordinal);
        Assert.Empty(await LogAsync("target"));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("--interface: There is no interface nowhere. There are: ", "--interface", "nowhere")]
    [InlineData("--interface: is empty", "--interface", "")]
    [InlineData("--delay: 1ms is not from", "--interface", "lo", "--delay", "1ms")]
    [InlineData("--port: means nothing for captures", "x.capture", "--port", "80")]
    public async Task What_can_not_be_replayed_is_told_with_its_option(string said, params string[] options)
    {
        await using var replay = Replay([.. options, "--target", "http://127.0.0.1:8081"]);

        Assert.Equal(2, await replay.EndAsync());
        Assert.Contains(said, replay.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_the_right_to_capture_it_says_how_to_get_it()
    {
        await using var replay = Begin("setpriv", ["--bounding-set=-net_raw,-net_admin", Program, "replay", "--interface", "lo", "--target", "http://127.0.0.1:8081"]);

        Assert.Equal(2, await replay.EndAsync());
        Assert.Contains("--interface: You may not capture on lo", replay.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_would_be_replayed_is_shown_without_being_sent()
    {
        await using var replay = Replay("--interface", "lo", "--target", "http://127.0.0.1:8081", "--dry-run");

        Assert.Equal(0, await replay.EndAsync());
        Assert.Contains("as many as come until Ctrl-C", replay.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("captures are large", replay.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task The_service_replays_what_passes_agents_hosts_when_a_plan_says_so()
    {
        await using var room = await AgentRoom.MakeAsync(2);
        var plan = $$"""{ name: as it passes, target: '{{room.Target}}', load: { replay: { live: { agents: [ a1, a2 ], interface: lo } } } }""";
        var (status, run) = await SendPlanAsync(room, "/api/runs", plan);
        Assert.True(status == HttpStatusCode.Created, run.ToString());
        for (var i = 0; i < 15; i++)
            AgentRoom.Curl(room.UrlOf(1, $"/one/{i}"), room.UrlOf(2, $"/two/{i}"), room.UrlOf(2, $"/two/again/{i}"));
        await AgentRoom.UntilAsync(async () => (await room.LogAsync(0)).Length >= 45);
        await room.SendAsync(HttpMethod.Post, $"/api/runs/{run.GetProperty("id").GetString()}/stop");
        var ended = run;
        await AgentRoom.UntilAsync(async () => (ended = (await room.SendAsync(HttpMethod.Get, $"/api/runs/{run.GetProperty("id").GetString()}")).Answer).GetProperty("state").GetString() == "finished");

        string[] production = [.. await room.LogAsync(1), .. await room.LogAsync(2)];
        Assert.Equal(Counts(production), Counts(await room.LogAsync(0)));
        // The agents are free for the next one.
        await AgentRoom.UntilAsync(async () => !(await room.SendAsync(HttpMethod.Post, "/api/agents/a1/commands/capture.status")).Answer.TryGetProperty("capture", out _));
    }

    [Theory(Timeout = 180_000)]
    [InlineData("agents: [ a1, nobody ]", "", "there is no agent")]
    [InlineData("agents: [ a1 ], ports: [ 22 ]", "", "lets port")]
    [InlineData("interface: lo", "", "does not look at its own")]
    [InlineData("agents: [ a1 ]", "?workers=2", "share what passes meanwhile")]
    public async Task What_the_service_can_not_replay_live_is_refused_in_a_sentence(string live, string query, string why)
    {
        await using var room = await AgentRoom.MakeAsync(1);
        var (status, answer) = await SendPlanAsync(room, "/api/runs" + query, $$"""{ name: x, target: '{{room.Target}}', load: { replay: { live: { {{live}} } } } }""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(why, JsonSerializer.Serialize(answer).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        // None was left behind capturing.
        Assert.False((await room.SendAsync(HttpMethod.Post, "/api/agents/a1/commands/capture.status")).Answer.TryGetProperty("capture", out _));
    }

    public void Dispose()
    {
        _nginx.Dispose();
        _network.Dispose();
        _folder.Dispose();
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "pressure");

    private BesideProgram Replay(params string[] options) => Begin(Program, ["replay", .. options, "--out", _folder.File("run"), "--no-report"]);

    private BesideProgram Begin(string program, string[] arguments)
    {
        var inside = _network.Inside(program, arguments);
        return new(inside.FileName, _folder.Path, [.. inside.ArgumentList]);
    }

    private void Curl(params string[] arguments) => _network.Do("curl", ["-sS", .. arguments]);

    // /ready came before anybody looked.
    private async Task<List<string>> LogAsync(string name) => [.. (await File.ReadAllLinesAsync(_folder.File(name + ".log"), Stop)).Where(l => !l.EndsWith("/ready", StringComparison.Ordinal))];

    private async Task<JsonElement> RecordAsync() => JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("run/replay.json"), Stop)).RootElement;

    private static IEnumerable<string> Counts(IEnumerable<string> lines) => lines.GroupBy(l => l).Select(g => $"{g.Count()} {g.Key}").Order(StringComparer.Ordinal);

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> SendPlanAsync(AgentRoom room, string path, string plan)
    {
        using var body = new StringContent(plan, Encoding.UTF8, "application/yaml");
        using var answer = await room.Http.PostAsync(path, body, Stop);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
            await Task.Delay(100, Stop);
    }
}
