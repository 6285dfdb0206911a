using System.Text.Json;

namespace Pressure.Cli.Tests.EndToEnd;

public sealed class ReplayTests : IDisposable
{
    private readonly PressureProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("1x")]
    [InlineData("5x")]
    [InlineData("max")]
    public async Task A_replay_asks_the_target_for_what_was_captured(string speed)
    {
        await using var target = new ReplayTarget();
        using (var capture = new CaptureOf(File("shop.capture")))
        {
            for (var i = 0; i < 300; i++)
                capture.Get(i % 12, i * 5, i % 3 == 0 ? "/cart" : $"/item/{i % 7}");
        }

        var ended = await Replay("shop.capture", "--target", target.Url.ToString(), "--speed", speed);

        Assert.Equal("", ended.Error);
        Assert.True(ended.IsDone, $"{ended}");
        var counts = target.Counts();
        Assert.Equal(100, counts["GET /cart"]);
        Assert.Equal(200, counts.Where(c => c.Key.StartsWith("GET /item/", StringComparison.Ordinal)).Sum(c => c.Value));
        Assert.All(target.Seen, r => Assert.Equal(target.Url.Authority, r.Fields["Host"]));
        var byRequest = _program.Summary().GetProperty("byRequest").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, r => r.GetProperty("sent").GetInt32());
        Assert.Equal(new Dictionary<string, int> { ["GET /item/{id}"] = 200, ["GET /cart"] = 100 }, byRequest);
        var replay = ReplayFile();
        Assert.Equal((300, 300), (replay.GetProperty("planned").GetInt32(), replay.GetProperty("sent").GetInt32()));
    }

    [Fact]
    public async Task Five_captures_go_onto_one_target_each_whole()
    {
        await using var target = new ReplayTarget();
        for (var machine = 1; machine <= 5; machine++)
        {
            using var capture = new CaptureOf(File($"{machine}.capture"));
            for (var i = 0; i < machine * 20; i++)
                capture.Get(i % 4, i * 10, $"/item/{i}", $"X-Source: machine-{machine}\r\n");
        }

        var ended = await Replay("1.capture", "2.capture", "3.capture", "4.capture", "5.capture", "--target", target.Url.ToString(), "--multiply", "2", "--jitter", "50ms");

        Assert.True(ended.IsDone, $"{ended}");
        Assert.Equal(Enumerable.Range(1, 5).Select(m => ($"machine-{m}", m * 40)), target.Seen.GroupBy(r => r.Fields["X-Source"]).Select(g => (g.Key, g.Count())).Order());
        Assert.Equal(Enumerable.Range(1, 5).Select(m => m * 20), ReplayFile().GetProperty("captures").EnumerateArray().Select(c => c.GetProperty("replayed").GetInt32()));
    }

    [Fact]
    public async Task A_session_logs_in_anew_and_its_values_go_on()
    {
        var tokens = 0;
        await using var target = new ReplayTarget(r => r.Line == "POST /login" ? ($"Set-Cookie: sid=s{++tokens}; Path=/\r\nContent-Type: application/json\r\n", $"{{\"token\":\"t{tokens}\"}}") : ("", ""));
        using (var capture = new CaptureOf(File("shop.capture")))
        {
            for (var c = 1; c <= 3; c++)
            {
                capture.Add(c, c, "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n", "{}", "HTTP/1.1 200 OK\r\nSet-Cookie: sid=***\r\nContent-Type: application/json\r\n", $"{{\"token\":\"captured-{c}\"}}")
                    .Add(c, c + 200, $"POST /cart?t=captured-{c} HTTP/1.1\r\nHost: x\r\nCookie: sid=***; lang=en\r\nAuthorization: Bearer captured-{c}\r\n", $"token=captured-{c}");
            }
        }

        var ended = await Replay("shop.capture", "--target", target.Url.ToString(), "--method", "POST", "--carry", "json:$.token");

        Assert.True(ended.IsDone, $"{ended}");
        var carts = target.Seen.Where(r => r.Line.StartsWith("POST /cart", StringComparison.Ordinal)).OrderBy(r => r.Line, StringComparer.Ordinal).ToList();
        Assert.Equal(
            Enumerable.Range(1, 3).Select(n => ($"POST /cart?t=t{n}", $"sid=s{n}; lang=en", $"Bearer t{n}", $"token=t{n}")),
            carts.Select(r => (r.Line, r.Fields["Cookie"], r.Fields["Authorization"], r.Body)));
        Assert.Equal(12, ReplayFile().GetProperty("carried").GetInt32());
    }

    [Fact]
    public async Task What_may_write_is_not_replayed_unless_it_is_named()
    {
        await using var target = new ReplayTarget();
        WriteSmall();
        await Replay("shop.capture", "--target", target.Url.ToString(), "--speed", "max");
        Assert.Equal(["GET /a"], target.Counts().Keys);
        Assert.Equal(1, ReplayFile().GetProperty("skipped").GetProperty("method").GetInt32());

        Directory.Delete(_program.RunFolder, recursive: true);
        await Replay("shop.capture", "--target", target.Url.ToString(), "--speed", "max", "--method", "post", "--set", "X-Test: 1", "--rewrite", "^/b=/c");
        Assert.Equal(["GET /a", "POST /c"], target.Counts().Keys);
        Assert.Equal("1", target.Seen.Last().Fields["X-Test"]);
    }

    [Fact]
    public async Task The_plan_in_the_run_folder_repeats_the_replay()
    {
        await using var target = new ReplayTarget();
        WriteSmall();
        await Replay("shop.capture", "--target", target.Url.ToString(), "--speed", "max", "--except", "/b*", "--carry", "regex:\"t\":\"([^\"]+)\" => X-T: {}", "--threshold", "http_req_failed: rate < 1%");
        var again = await _program.Start("run", Path.Combine("run", "plan.yaml"), "--no-report", "--quiet", "--out", "again").EndAsync();

        Assert.Equal("", again.Error);
        Assert.True(again.ExitCode == 0, again.Output + again.Error);
        Assert.Equal(2, target.Counts()["GET /a"]);
        Assert.Contains("PASSED", again.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_be_sent_and_sends_nothing()
    {
        await using var target = new ReplayTarget();
        WriteSmall();
        var told = await _program.Start("replay", "shop.capture", "--target", target.Url.ToString(), "--dry-run").EndAsync();
        Assert.Equal(0, told.ExitCode);
        Assert.Contains("2 requests over 1 connections", told.Output);
        Assert.Contains("1  GET /a", told.Output);
        Assert.Contains("skipped 1: method", told.Output);
        Assert.Contains("Nothing was sent.", told.Output);

        var json = JsonDocument.Parse((await _program.Start("replay", "shop.capture", "--target", target.Url.ToString(), "--dry-run", "--json").EndAsync()).Output).RootElement;
        Assert.Equal(1, json.GetProperty("sent").GetInt32());
        Assert.StartsWith("GET /a HTTP/1.1\n", json.GetProperty("requests")[0].GetString());
        Assert.Empty(target.Seen);
    }

    [Fact]
    public async Task All_that_is_wrong_with_options_and_captures_is_told_at_once()
    {
        var options = await _program.Start("replay", "x", "--target", "nowhere", "--speed", "fast", "--set", "novalue", "--loop", "forever", "--threshold", "x").EndAsync();
        Assert.Equal(2, options.ExitCode);
        Assert.Equal(["--set", "--threshold", "--target", "--duration", "--speed", "5 problems; nothing was run."], Beginnings(options.Error, "--set", "--threshold", "--target", "--speed", "--duration"));

        System.IO.File.WriteAllText(File("wrong.capture"), "no capture");
        var captures = await _program.Start("replay", "none.capture", "wrong.capture", ".", "--target", "http://127.0.0.1:1").EndAsync();
        Assert.Equal(2, captures.ExitCode);
        Assert.Equal(3, captures.Error.Split('\n').Count(l => l.StartsWith("CAPTURE: ", StringComparison.Ordinal)));
        Assert.Contains("there is no file", captures.Error);
        Assert.Contains("is a folder", captures.Error);
        Assert.Contains("can't be read", captures.Error);
    }

    [Fact]
    public async Task A_target_that_is_not_allowed_is_refused_as_are_servers_to_compare_with()
    {
        WriteSmall();
        Assert.Equal(3, (await _program.Start("replay", "shop.capture", "--target", "http://shop.example").EndAsync()).ExitCode);
        var compared = await _program.Start("replay", "shop.capture", "--target", "http://127.0.0.1:1", "--primary", "http://live.example").EndAsync();
        Assert.Equal(3, compared.ExitCode);
        Assert.Contains("live.example", compared.Error);
    }

    [Fact]
    public async Task A_replay_of_nothing_is_no_run()
    {
        WriteSmall();
        var ended = await _program.Start("replay", "shop.capture", "--target", "http://127.0.0.1:1", "--path", "/nothing").EndAsync();
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("nothing of the captures would be sent: skipped are 1 (method), 1 (filtered)", ended.Error);
        Assert.False(Directory.Exists(Path.Combine(_program.Folder, "runs")));
    }

    private static List<string> Beginnings(string error, params string[] options) =>
        [.. error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => options.FirstOrDefault(o => l.StartsWith(o + ":", StringComparison.Ordinal)) ?? l)];

    private string File(string name) => Path.Combine(_program.Folder, name);

    private void WriteSmall()
    {
        using var capture = new CaptureOf(File("shop.capture"));
        capture.Get(1, 0, "/a").Add(1, 10, "POST /b HTTP/1.1\r\nHost: x\r\n", "b=1");
    }

    private async Task<Ended> Replay(params string[] arguments) =>
        await _program.Start(["replay", .. arguments, "--no-report", "--quiet", "--out", _program.RunFolder]).EndAsync();

    private JsonElement ReplayFile() => JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(_program.RunFolder, "replay.json"))).RootElement;
}
