using System.Text;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Whose limit was it? A generator that is asked for more than it can do says so; a target that is slow is not taken for that.</summary>
[NeedsQuiet]
public class SaturationTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_generator_that_is_asked_for_more_than_it_can_count_makes_the_run_invalid_and_says_why()
    {
        // Two million a second are not enough: while no connection is free a lane counts a million a second as not sent, and rests.
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(Plans.Of(
            target.Url, load: "{ rate: 10000000/s, duration: 5s }", http: "{ timeout: 1s, maxConnections: 64 }", thresholds: "[ http_req_failed: rate < 1% ]"));

        await IsSaturated(program, 50_000_000);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_generator_that_has_too_much_to_do_with_each_answer_makes_the_run_invalid_and_says_why()
    {
        // Each answer is searched to its end for five values: a lane is full at some hundreds a second, however slow the target's share of a busy machine.
        var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n{new string('a', 59_999)}y");
        await using var target = RawTarget.Start(async (socket, stop) =>
        {
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, stop) > 0)
                await socket.SendAsync(answer, stop);
        });
        var extracts = string.Join(", ", Enumerable.Range(0, 5).Select(i => $"v{i}: {{ regex: '[a-f]+[b-x]+[0-9]|[a-e]+(y)' }}"));
        using var program = new PressureProgram().Press($$"""
            name: end to end
            target: {{target.Url}}
            load: { rate: 15000/s, duration: 5s }
            http: { timeout: 2s, maxConnections: 200 }
            scenarios: [ { steps: [ { get: /, extract: { {{extracts}} } } ] } ]
            """);

        await IsSaturated(program, 75_000);
    }

    private static async Task IsSaturated(PressureProgram program, long asked)
    {
        var ended = await program.EndAsync();

        Assert.Equal(5, ended.ExitCode);
        Assert.StartsWith("INVALID: The load generator itself was saturated", ended.Output, StringComparison.Ordinal);
        var summary = program.Summary();
        Assert.True(summary.GetProperty("generator").GetProperty("saturated").GetBoolean());
        Assert.Contains(summary.GetProperty("events").EnumerateArray(), e => e.GetProperty("kind").GetString() == "generatorSaturated");
        // All the same every request is accounted for.
        var requests = summary.GetProperty("requests");
        Assert.Equal(asked, requests.GetProperty("asked").GetInt64());
        Assert.Equal(asked, requests.GetProperty("sent").GetInt64() + summary.GetProperty("load").GetProperty("notSent").GetInt64());
    }

    [Theory(Timeout = 120_000)]
    [InlineData("{ timeout: 3s }", 99, "FAILED: ")] // as many connections as it takes: slow answers, and nothing else
    [InlineData("{ timeout: 3s, maxConnections: 20 }", 5, "INVALID: ")] // all connections are taken: requests wait, and some are never sent
    public async Task A_slow_target_does_not_make_the_generator_look_saturated(string http, int exitCode, string verdict)
    {
        await using var target = RawTarget.Start(async (socket, stop) =>
        {
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, stop) > 0)
            {
                await Task.Delay(1500, stop);
                await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), stop);
            }
        });
        using var program = new PressureProgram().Press(Plans.Of(
            target.Url, load: "{ rate: 100/s, duration: 6s }", http: http, thresholds: "[ http_req_duration: p(95) < 500ms ]"));

        var ended = await program.EndAsync();

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.StartsWith(verdict, ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("saturated", ended.Output, StringComparison.Ordinal);
        Assert.False(program.Summary().GetProperty("generator").GetProperty("saturated").GetBoolean());
    }
}
