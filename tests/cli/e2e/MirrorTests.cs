using System.Text.Json;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A mirror by the command alone: production answers, the test target gets copies, and at the end all of it is accounted for.</summary>
public sealed class MirrorTests : IAsyncDisposable
{
    private readonly ReplayTarget _production = new(_ => ("X-Server: production\r\n", "hello"));
    private readonly ReplayTarget _target = new(_ => ("X-Server: test\r\n", "HELLO"));
    private readonly PressureProgram _program = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        await _production.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Production_answers_and_the_test_target_gets_copies_until_Ctrl_C()
    {
        using var mirror = await StartAsync("--copy", _target.Url.ToString(), "--keep-header", "Cookie", "--compare");
        using var client = Client(mirror);
        for (var i = 0; i < 3; i++)
            Assert.Equal("production", await AskAsync(client, HttpMethod.Get, $"item/{i}"));
        Assert.Equal("production", await AskAsync(client, HttpMethod.Post, "order"));
        await UntilAsync(() => _target.Answered == 3);
        var ended = await mirror.InterruptAsync();

        Assert.True(ended.ExitCode == 130, ended.Output + ended.Error);
        Assert.Equal(["GET /item/0", "GET /item/1", "GET /item/2", "POST /order"], _production.Seen.Select(r => r.Line));
        Assert.Equal(["GET /item/0", "GET /item/1", "GET /item/2"], _target.Seen.Select(r => r.Line).Order());
        Assert.All(_target.Seen, r => Assert.Equal((true, false, true), (r.Fields.ContainsKey("Cookie"), r.Fields.ContainsKey("Authorization"), r.Fields.ContainsKey("X-Pressure-Mirror"))));
        Assert.Contains("4 requests in", ended.Output, StringComparison.Ordinal);
        Assert.Matches(@"copied: the test target answered *│ *3 ", ended.Output);
        Assert.Matches(@"of a method that is not copied *│ *1 ", ended.Output);
        Assert.Contains("GET /item/{id}", ended.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task For_machines_there_is_one_document_in_which_no_request_is_missing()
    {
        using var mirror = await StartAsync("--copy", _target.Url.ToString(), "--admin", "127.0.0.1:0", "--json");
        using var client = Client(mirror);
        for (var i = 0; i < 5; i++)
            await AskAsync(client, i % 2 == 0 ? HttpMethod.Get : HttpMethod.Delete, "cart");
        await UntilAsync(() => _target.Answered == 3);
        var ended = await mirror.InterruptAsync();

        Assert.True(ended.ExitCode == 130, ended.Output + ended.Error);
        var status = JsonDocument.Parse(ended.Output).RootElement.GetProperty("status");
        Assert.Equal(5, status.GetProperty("production").GetProperty("requests").GetInt64());
        var fates = status.GetProperty("copies").GetProperty("fates").EnumerateObject().ToDictionary(f => f.Name, f => f.Value.GetInt64());
        Assert.Equal(new() { ["copied"] = 3, ["method"] = 2 }, fates);
        Assert.Contains("/metrics", ended.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_recorded_is_masked_as_a_capture_is()
    {
        using var mirror = await StartAsync("--record", "shop.capture", "--mask", "header:X-Customer", "--keep", "cookie:lang");
        using var client = Client(mirror);
        using var request = new HttpRequestMessage(HttpMethod.Get, "item/7");
        foreach (var (name, value) in new[] { ("Authorization", "Bearer hidden-token"), ("Cookie", "lang=visible; sid=hidden-cookie"), ("X-Customer", "hidden-name") })
            request.Headers.Add(name, value);
        (await client.SendAsync(request, Stop)).Dispose();
        var ended = await mirror.InterruptAsync();

        Assert.True(ended.ExitCode == 130, ended.Output + ended.Error);
        Assert.Contains("header X-Customer; but not cookie lang", ended.Output, StringComparison.Ordinal);
        Assert.Contains("1 exchanges over 1 connections are in shop.capture", ended.Output, StringComparison.Ordinal);
        var file = await File.ReadAllTextAsync(Path.Combine(_program.Folder, "shop.capture"), Stop);
        Assert.DoesNotContain("hidden", file, StringComparison.Ordinal);
        Assert.Contains("visible", file, StringComparison.Ordinal);
        Assert.Contains("hidden-cookie", _production.Seen.Single().Fields["Cookie"], StringComparison.Ordinal);
        var shown = await _program.Start("capture", "show", "shop.capture").EndAsync();
        Assert.Contains("GET /item/{id}", shown.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_capture_that_can_not_be_written_to_its_end_costs_production_nothing_and_is_said()
    {
        Assert.SkipUnless(SmallDisk.Possible, "Mounting a disk needs root on Linux.");
        using var disk = new SmallDisk();
        using var mirror = await StartAsync("--record", Path.Combine(disk.Path, "shop.capture"), "--json");
        using var client = Client(mirror);
        disk.Fill();
        // More than what is left of the file's last page.
        for (var i = 0; i < 60; i++)
            Assert.Equal("production", await AskAsync(client, HttpMethod.Get, $"item/{i}"));
        var ended = await mirror.InterruptAsync();

        Assert.True(ended.ExitCode == 1, ended.Output + ended.Error);
        Assert.Contains("shop.capture", JsonDocument.Parse(ended.Output).RootElement.GetProperty("status").GetProperty("record").GetProperty("failure").GetString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_report_is_written_of_what_it_did()
    {
        using var mirror = await StartAsync("--copy", _target.Url.ToString(), "--compare", "--record", "shop.capture", "--out", "report", "--lang", "zh");
        using var client = Client(mirror);
        await AskAsync(client, HttpMethod.Get, "item/1");
        await AskAsync(client, HttpMethod.Put, "item/1");
        await UntilAsync(() => _target.Answered == 1);
        var ended = await mirror.InterruptAsync();

        Assert.True(ended.ExitCode == 130, ended.Output + ended.Error);
        Assert.Contains("Report: report/mirror.pdf", ended.Output, StringComparison.Ordinal);
        string In(string name) => Path.Combine(_program.Folder, "report", name);
        var session = JsonDocument.Parse(await File.ReadAllTextAsync(In("mirror.json"), Stop)).RootElement;
        Assert.Equal((2, 1), (session.GetProperty("requests").GetInt32(), session.GetProperty("copies").GetProperty("fates").GetProperty("copied").GetInt32()));
        Assert.Equal((2, true), (session.GetProperty("recorded").GetProperty("exchanges").GetInt32(), session.GetProperty("recorded").GetProperty("isMasked").GetBoolean()));
        Assert.Equal(1, session.GetProperty("differences").GetProperty("compared").GetInt32());
        Assert.Contains("副本的去向", await File.ReadAllTextAsync(In("mirror.html"), Stop), StringComparison.Ordinal);
        Assert.True(new FileInfo(In("mirror.pdf")).Length > 10_000);
    }

    [Fact(Timeout = 120_000)]
    public async Task It_ends_by_itself_when_it_was_told_for_how_long()
    {
        using var mirror = await StartAsync("--copy", _target.Url.ToString(), "--for", "200ms");

        Assert.Equal(0, (await mirror.EndAsync()).ExitCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_target_that_nobody_allowed_gets_nothing()
    {
        var ended = await _program.Start("mirror", "--listen", "127.0.0.1:0", "--to", _production.Url.ToString(), "--copy", "http://test.example", "--compare", "--secondary", "http://other.example").EndAsync();

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("--allow test.example", ended.Error, StringComparison.Ordinal);
        Assert.Contains("--allow other.example", ended.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task All_that_is_wrong_with_its_options_is_said_at_once()
    {
        var ended = await _program.Start(
            "mirror", "--listen", "here", "--to", "ftp://shop", "--copy", "what", "--share", "most", "--by", "moon", "--method", "GE T", "--timeout", "soon", "--concurrency", "0",
            "--max-body", "64GiB", "--ignore", "$.a", "--admin", "there", "--for", "ever", "--mask", "moon:x", "--tls-cert", "none.pem").EndAsync();

        Assert.Equal(2, ended.ExitCode);
        string[] options = ["--listen", "--to", "--copy", "--share", "--by", "--method", "--timeout", "--concurrency", "--max-body", "--ignore", "--admin", "--for", "--mask", "--tls-cert", "--tls-key"];
        var lines = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(options.Order(), lines.Select(l => l.Split(':')[0]).Where(l => l.StartsWith("--", StringComparison.Ordinal)).Distinct().Order());
        Assert.Contains("nothing was started.", lines[^1], StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("--copy: There is nothing to do. Name a test target, or a capture with --record.")]
    [InlineData("--mask-with: It is for what is recorded. Add --record FILE.capture.", "--copy", "http://127.0.0.1:1", "--mask-with", "hash")]
    [InlineData("--record: there.capture exists already. Name a file that does not exist yet.", "--record", "there.capture")]
    [InlineData("--copy: It is the same server as --to", "--copy", "PRODUCTION")]
    [InlineData("--lang: It is for the report. Add --out DIR.", "--copy", "http://127.0.0.1:1", "--lang", "zh")]
    [InlineData("--out: there.capture is a file. Name a folder.", "--copy", "http://127.0.0.1:1", "--out", "there.capture")]
    [InlineData("--secondary: It is for comparing. Add --copy and --compare.", "--copy", "http://127.0.0.1:1", "--secondary", "http://127.0.0.1:2")]
    public async Task What_makes_no_sense_is_told_with_what_to_do(string said, params string[] options)
    {
        await File.WriteAllTextAsync(Path.Combine(_program.Folder, "there.capture"), "", Stop);
        var ended = await _program.Start(["mirror", "--listen", "127.0.0.1:0", "--to", _production.Url.ToString(), .. options.Select(o => o == "PRODUCTION" ? _production.Url.ToString() : o)]).EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.Equal("", ended.Output);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_port_that_is_taken_is_named_and_no_capture_is_left()
    {
        var ended = await _program.Start("mirror", "--listen", $"127.0.0.1:{_target.Url.Port}", "--to", _production.Url.ToString(), "--record", "shop.capture").EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"Something listens on 127.0.0.1:{_target.Url.Port} already", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_program.Folder, "shop.capture")));
    }

    private Task<MirrorProgram> StartAsync(params string[] options) => MirrorProgram.StartAsync(_program.Folder, ["--to", _production.Url.ToString(), .. options]);

    private static HttpClient Client(MirrorProgram mirror) => new() { BaseAddress = new Uri($"http://{mirror.Authority}/") };

    private static async Task<string> AskAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", "sid=1");
        request.Headers.Add("Authorization", "Bearer secret");
        using var answer = await client.SendAsync(request, Stop);
        return answer.Headers.GetValues("X-Server").Single();
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
            await Task.Delay(20, Stop);
    }
}
