using System.Text.Json;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Targets that answer nothing usable: the run goes on to its end, says why, keeps everything and fails.</summary>
public class FailingTargetTests
{
    private static readonly Uri Nobody = new("http://127.0.0.1:9/");

    [Fact(Timeout = 60_000)]
    public Task Nobody_listens() => EveryRequestFailsAsync(Nobody, "connectRefused");

    [Fact(Timeout = 60_000)]
    public Task The_name_does_not_resolve() =>
        EveryRequestFailsAsync(new Uri("http://nowhere.invalid/"), "dnsFailed", "{ connectTimeout: 500ms }", "--allow", "nowhere.invalid");

    [Fact(Timeout = 60_000)]
    public async Task The_target_can_not_be_reached()
    {
        await using var target = await RawTarget.DeafAsync();
        await EveryRequestFailsAsync(target.Url, "connectTimeout", "{ connectTimeout: 200ms }");
    }

    [Fact(Timeout = 60_000)]
    public async Task What_listens_does_not_speak_TLS()
    {
        await using var target = RawTarget.Start(async (socket, stop) =>
        {
            await socket.ReceiveAsync(new byte[8192], stop);
            await socket.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), stop);
        });
        await EveryRequestFailsAsync(new UriBuilder(target.Url) { Scheme = "https" }.Uri, "tlsFailed");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_certificate_is_not_trusted()
    {
        await using var target = RawTarget.AnsweringOverTls();
        await EveryRequestFailsAsync(new UriBuilder(target.Url) { Scheme = "https" }.Uri, "tlsFailed");
        Assert.Equal(0, target.Served);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_certificate_that_is_not_trusted_is_no_failure_when_the_plan_says_insecure()
    {
        await using var target = RawTarget.AnsweringOverTls();
        var plan = Plans.Of(new UriBuilder(target.Url) { Scheme = "https" }.Uri, http: "{ insecure: true }", thresholds: "[ http_req_failed: rate < 1% ]");
        using var program = new PressureProgram().Press(plan);

        var ended = await program.EndAsync();

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        Assert.Equal(20, target.Served);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_answers_are_not_HTTP()
    {
        await using var target = RawTarget.Saying("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\0\u0001\u0002"u8.ToArray());
        await EveryRequestFailsAsync(target.Url, "malformedResponse");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_headers_never_end()
    {
        await using var target = RawTarget.EndlessHeaders();
        await EveryRequestFailsAsync(target.Url, "headersTooLarge");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_target_never_answers()
    {
        await using var target = RawTarget.Silent();
        await EveryRequestFailsAsync(target.Url, "responseTimeout", "{ timeout: 3s }");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_target_hangs_up_without_an_answer()
    {
        await using var target = RawTarget.Saying([]);
        await EveryRequestFailsAsync(target.Url, "closedBeforeResponse");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_target_hangs_up_in_the_middle_of_its_answer()
    {
        await using var target = RawTarget.Saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"u8.ToArray());
        await EveryRequestFailsAsync(target.Url, "responseTruncated");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_target_dies_in_the_middle_of_the_run()
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(target.Url, "{ rate: 50/s, duration: 10s }", thresholds: "[ http_req_failed: rate < 1% ]"));
        while (target.Served < 40)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        await target.DisposeAsync();

        var ended = await program.EndAsync();

        var summary = program.Summary();
        // 5 is a machine that was too busy to measure: some seconds of that weigh more than a criterion.
        Assert.True((ended.ExitCode, ended.Output.Split(':')[0]) is (99, "FAILED") or (5, "INVALID"), $"{ended}");
        Assert.True(ended.Error.Length == 0, ended.Error);
        Assert.Equal(500, Requests(summary, "sent"));
        Assert.InRange(Requests(summary, "ok"), 1, target.Served);
        Assert.Equal(500, Requests(summary, "ok") + Requests(summary, "failed"));
        Assert.True(summary.GetProperty("errors").GetProperty("connectRefused").GetInt64() > 0);
        Assert.Contains(summary.GetProperty("events").EnumerateArray(), e => e.GetProperty("kind").GetString() == "targetFailing");
    }

    private static async Task EveryRequestFailsAsync(Uri target, string error, string http = "{ timeout: 5s }", params string[] options)
    {
        using var program = new PressureProgram().Press(Plans.Of(target, http: http), ["--no-report", "--quiet", .. options]);

        var ended = await program.EndAsync();

        Assert.True(ended.ExitCode == 99, $"Exit code {ended.ExitCode}. {ended.Output}{ended.Error}");
        Assert.Contains($"Every request failed: {error} (", ended.Output, StringComparison.Ordinal);
        Assert.Equal("", ended.Error);
        var summary = program.Summary();
        Assert.Equal("failed", summary.GetProperty("verdict").GetString());
        Assert.Equal(20, Requests(summary, "sent"));
        Assert.Equal(20, Requests(summary, "failed"));
        Assert.Equal(20, summary.GetProperty("errors").GetProperty(error).GetInt64());
        Assert.True(File.Exists(Path.Combine(program.RunFolder, "junit.xml")));
    }

    private static long Requests(JsonElement summary, string count) => summary.GetProperty("requests").GetProperty(count).GetInt64();
}
