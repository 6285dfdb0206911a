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
    public async Task It_tells_where_the_requests_went_with_the_slots_filled_and_redirects_followed()
    {
        await using var target = RawTarget.Start(async (socket, stop) =>
        {
            var buffer = new byte[4096];
            for (int count; (count = await socket.ReceiveAsync(buffer, stop)) > 0;)
            {
                var redirects = buffer.AsSpan(0, count).StartsWith("GET /item/0 "u8);
                await socket.SendAsync(redirects ? "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"u8.ToArray() : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), stop);
            }
        });
        using var program = new PressureProgram().Press(TwoRequests(target.Url).Replace("get: /,", "get: '/item/{{iteration}}',").Replace("{ get: / }", "{ get: '/item/{{iteration}}' }"), "--once");

        var ended = await program.EndAsync();

        Assert.Contains($"GET {target.Url}item/0: 200,", ended.Output);
        Assert.Contains($"  redirected to {target.Url}there\n", ended.Output);
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
