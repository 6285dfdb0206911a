namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Exit codes of runs that came to their end.</summary>
[NeedsQuiet]
public class VerdictTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("[]", 0, "NO CRITERIA")]
    [InlineData("[ http_req_failed: rate < 1%, http_reqs: count >= 20 ]", 0, "PASSED")]
    [InlineData("[ http_req_failed: rate < 1%, http_reqs: count > 20 ]", 99, "FAILED")]
    public async Task The_criteria_decide(string thresholds, int exitCode, string verdict)
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(target.Url, thresholds: thresholds));

        var ended = await program.EndAsync();

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.StartsWith(verdict + ": ", ended.Output, StringComparison.Ordinal);
        Assert.Equal(20, target.Served);
        Assert.Equal(exitCode, program.Summary().GetProperty("exitCode").GetInt32());
    }

    [Fact(Timeout = 60_000)]
    public async Task Load_that_was_not_delivered_makes_the_run_invalid()
    {
        await using var target = RawTarget.Start(async (socket, stop) =>
        {
            // Answers the first request only: the one connection that the plan allows is then taken for good.
            await socket.ReceiveAsync(new byte[4096], stop);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), stop);
            await Task.Delay(Timeout.Infinite, stop);
        });
        using var program = new PressureProgram().Press(Plans.Of(target.Url, http: "{ maxConnections: 1, timeout: 600ms }", thresholds: "[ http_reqs: count > 0 ]"));

        var ended = await program.EndAsync();

        var load = program.Summary().GetProperty("load");
        Assert.Equal(5, ended.ExitCode);
        Assert.StartsWith("INVALID: ", ended.Output, StringComparison.Ordinal);
        Assert.InRange(load.GetProperty("notSent").GetInt64(), 1, 19);
    }

    [Fact(Timeout = 60_000)]
    public async Task With_json_the_summary_and_nothing_else_goes_to_standard_output()
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(target.Url), "--no-report", "--json");

        var ended = await program.EndAsync();

        Assert.Equal(File.ReadAllText(Path.Combine(program.RunFolder, "summary.json")).Trim(), ended.Output.Trim());
        Assert.Equal("", ended.Error);
    }
}
