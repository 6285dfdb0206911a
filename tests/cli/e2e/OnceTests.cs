using System.Text.Json;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary><c>--once</c>: each request of a plan is sent once and shown, nothing is pressed.</summary>
public class OnceTests
{
    private static string TwoRequests(Uri target) => $$"""
        name: look
        target: {{target}}
        load: { rate: 20/s }
        scenarios: [ { steps: [ { get: / }, { get: /wrong, check: { status: 404 } } ] } ]
        """;

    [Fact(Timeout = 60_000)]
    public async Task As_JSON_it_is_one_document_with_every_request()
    {
        await using var target = RawTarget.Answering();
        using var program = new PressureProgram().Press(TwoRequests(target.Url), "--once", "--json");

        var ended = await program.EndAsync();

        Assert.Equal(99, ended.ExitCode);
        using var json = JsonDocument.Parse(ended.Output);
        var requests = json.RootElement.GetProperty("requests").EnumerateArray().ToList();
        Assert.Equal([200, 200], requests.Select(r => r.GetProperty("status").GetInt32()));
        Assert.Equal([null, "checkFailed"], requests.Select(r => r.GetProperty("error").GetString()));
        Assert.Equal(2, target.Served);
    }

    [Fact(Timeout = 60_000)]
    public async Task Messages_over_a_socket_are_shown_like_answers()
    {
        await using var target = RawTarget.Start(async (socket, stop) =>
        {
            var buffer = new byte[100];
            for (int count; (count = await socket.ReceiveAsync(buffer, stop)) > 0;)
                await socket.SendAsync(buffer.AsMemory(0, count), stop);
        });
        var plan = $$"""
            name: talk
            target: {{target.Url}}
            load: { rate: 20/s }
            scenarios: [ { steps: [ { tcp: '127.0.0.1:{{target.Url.Port}}' }, { send: hello }, { expect: { contains: hello } }, { expect: { contains: more, within: 100ms } }, { close: } ] } ]
            """;
        using var program = new PressureProgram().Press(plan, "--once");

        var ended = await program.EndAsync();

        Assert.Equal(99, ended.ExitCode);
        Assert.Matches($"SEND tcp://127.0.0.1:{target.Url.Port}/?: ok, [0-9.]+ ms, 5 bytes\nhello\n", ended.Output);
        Assert.Contains("error: ResponseTimeout", ended.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_signal_ends_it()
    {
        var called = new TaskCompletionSource();
        await using var target = RawTarget.Start(async (_, stop) =>
        {
            called.TrySetResult();
            await Task.Delay(Timeout.Infinite, stop);
        });
        using var program = new PressureProgram().Press(TwoRequests(target.Url), "--once");
        await called.Task.WaitAsync(TestContext.Current.CancellationToken);

        program.Signal("TERM");

        Assert.Equal(130, (await program.EndAsync()).ExitCode);
    }
}
