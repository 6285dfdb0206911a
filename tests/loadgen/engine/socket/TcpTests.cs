using System.Text;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

public sealed class TcpTests
{
    [Fact]
    public async Task Lines_are_sent_and_expected_one_after_the_other()
    {
        await using var server = new RawServer(LinesAsync);

        var run = await Of(server, """{ send: "PING {{iteration}}\r\n" }, { expect: { contains: "\r\n", matches: '^\+PONG [0-9]+' }, extract: { n: { regex: 'PONG ([0-9]+)' } } }, { send: "PING {{n}}0\r\n" }, { expect: { contains: "+PONG {{n}}0\r\n" } }, { close: }""", rate: 30);

        Assert.Equal([10, 10, 10], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal(10, server.Connections);
        Assert.All(run.Total.Requests.Skip(1), r => Assert.True(r.BytesSent >= 80 && r.BytesReceived >= 90));
    }

    [Fact]
    public async Task Answers_that_come_together_are_taken_apart_by_the_text_they_end_with()
    {
        await using var server = new RawServer(async c =>
        {
            await c.WriteAsync("one\ntwo\nthree\n");
            await c.DelayAsync(30);
        });

        var run = await Of(server, """{ expect: { contains: "\n", matches: ^one } }, { expect: { contains: "\n", matches: ^three } }, { expect: { within: 200ms } }""", rate: 8);

        Assert.Equal([2, 2, 2, 0], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal([(RequestError.ResponseTimeout, 2L)], run.Total.Requests[3].Errors());
    }

    [Fact]
    public async Task An_answer_in_pieces_is_put_together()
    {
        await using var server = new RawServer(async c =>
        {
            foreach (var piece in "hello world")
            {
                await c.WriteAsync($"{piece}");
                await c.DelayAsync(0.005);
            }

            await c.DelayAsync(30);
        });

        var run = await Of(server, "{ expect: { contains: lo wo } }, { expect: { contains: rld } }", rate: 9);

        Assert.Equal([3, 3, 3], run.Total.Requests.Select(r => r.Ok));
    }

    [Fact]
    public async Task Bytes_are_sent_and_expected_as_they_are_written()
    {
        byte[]? got = null;
        await using var server = new RawServer(async c =>
        {
            got = await c.ReadBytesAsync(7);
            await c.WriteAsync((byte[])[0, 0xFF, 1, 2]);
            await c.DelayAsync(30);
        });

        var run = await Of(server, "{ send: { hex: '00 ff 0d0a' } }, { send: { base64: AQID } }, { expect: { hex: ff01 } }", rate: 3);

        Assert.Equal([1, 1, 1], run.Total.Requests.Select(r => r.Ok));
        Assert.Equal([0, 0xFF, 13, 10, 1, 2, 3], got);
    }

    [Fact]
    public async Task The_time_runs_from_the_sending_to_the_message()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadBytesAsync(2);
            await c.DelayAsync(0.2);
            await c.WriteAsync("yes");
        });

        var run = await Of(server, "{ send: ok }, { expect: { contains: yes } }", rate: 4);

        Assert.True(run.Total.Requests[1].ResponseTime.Percentile(0) >= TimeSpan.FromMilliseconds(195));
        Assert.True(run.Total.Requests[1].ServiceTime.Percentile(0) >= TimeSpan.FromMilliseconds(195));
    }

    [Fact]
    public async Task Nobody_there_is_connect_refused()
    {
        using var gone = new HeldPort();

        var run = await Of(gone.Number, "{ send: x }", rate: 4);

        Assert.Equal([(RequestError.ConnectRefused, 2L)], run.Total.Requests[0].Errors());
        Assert.Equal(2, run.Total.Requests[1].NotSent);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_dns_failed()
    {
        var run = await SocketRun.Of(new("http://127.0.0.1:1"), " rate: 2/s, duration: 1s ", "{ tcp: 'nonexistent.invalid:7' }");

        Assert.Equal([(RequestError.DnsFailed, 2L)], run.Only.Errors());
    }

    [Theory]
    [InlineData("", false, RequestError.ClosedBeforeResponse)]
    [InlineData("hel", false, RequestError.ResponseTruncated)]
    [InlineData("hel", true, RequestError.ResponseTruncated)]
    public async Task A_peer_that_goes_away_has_closed_or_cut_off(string says, bool reset, RequestError error)
    {
        await using var server = new RawServer(async c =>
        {
            await c.WriteAsync(says);
            await c.DelayAsync(0.2);
            if (reset)
                c.Reset();
        });

        var run = await Of(server, "{ expect: { contains: hello } }, { send: more }", rate: 6);

        Assert.Equal([(error, 2L)], run.Total.Requests[1].Errors());
        Assert.Equal(2, run.Total.Requests[2].NotSent);
    }

    [Theory]
    [InlineData("", "500ms", RequestError.ResponseTimeout)]
    [InlineData("other", "5s", RequestError.ExpectationFailed)]
    public async Task A_peer_that_stays_silent_or_says_something_else_is_told_apart(string says, string within, RequestError error)
    {
        await using var server = new RawServer(async c =>
        {
            await c.WriteAsync(says);
            await c.DelayAsync(30);
        });

        var run = await Of(server, $"{{ expect: {{ contains: hello, within: {within} }} }}", rate: 4);

        Assert.Equal([(error, 2L)], run.Total.Requests[1].Errors());
    }

    [Fact]
    public async Task A_stream_without_what_is_expected_is_too_large_in_the_end()
    {
        await using var server = new RawServer(async c =>
        {
            while (true)
                await c.WriteAsync(new byte[65536]);
        });

        var run = await Of(server, "{ expect: { contains: hello } }", rate: 4);

        Assert.Equal([(RequestError.MessageTooLarge, 2L)], run.Total.Requests[1].Errors());
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_is_send_failed()
    {
        await using var server = new RawServer(async c =>
        {
            await c.WriteAsync(new string('x', 60_000) + "end");
            await c.DelayAsync(30);
        });
        // More than the kernel keeps of what nobody reads.
        var much = string.Concat(Enumerable.Repeat("{{x}}", 300));

        // With silence behind it: on a busy machine the message may be sent so late that the run would end before the time limit.
        var run = await SocketRun.Of(
            server.Url,
            " stages: [ { rate: 4/s, over: 999ms }, { rate: 0/s, over: 7s } ] ",
            $"{{ tcp: '127.0.0.1:{server.Port}' }}, {{ expect: {{ contains: end }}, extract: {{ x: {{ regex: x+ }} }} }}, {{ send: '{much}' }}, {{ send: more }}",
            timeout: "1s");

        Assert.Equal([(RequestError.SendFailed, 1L)], run.Total.Requests[2].Errors());
        Assert.Equal(1, run.Total.Requests[3].NotSent);
    }

    private static async Task LinesAsync(RawConnection connection)
    {
        var line = new List<byte>();
        while (true)
        {
            line.AddRange(await connection.ReadBytesAsync(1));
            if (line[^1] != '\n')
                continue;
            await connection.WriteAsync(Encoding.ASCII.GetString([.. line]).Replace("PING", "+PONG", StringComparison.Ordinal));
            line.Clear();
        }
    }

    private static Task<EngineRun> Of(RawServer server, string steps, int rate) => Of(server.Port, steps, rate);

    private static Task<EngineRun> Of(int port, string steps, int rate) =>
        SocketRun.Of(new($"http://127.0.0.1:{port}/"), $" rate: {rate}/s, duration: 1s ", $"{{ tcp: '127.0.0.1:{port}' }}, {steps}");
}
