using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

public sealed class BadWebSocketTests
{
    [Fact]
    public async Task A_handshake_that_is_answered_with_another_status_is_refused_and_its_status_counted()
    {
        await using var server = await WebSocketServer.StartAsync();

        var run = await SocketRun.Of(server.Url, " rate: 10/s, duration: 1s ", "{ ws: /forbidden }, { send: x }");

        Assert.Equal([(RequestError.HandshakeRefused, 5L)], run.Total.Requests[0].Errors());
        Assert.Equal(5, run.Total.Requests[0].StatusCount(403));
        // Without a connection there is nothing to send over.
        Assert.Equal((5, 5), (run.Total.Requests[1].Asked, run.Total.Requests[1].NotSent));
    }

    [Fact]
    public async Task Nobody_there_is_connect_refused()
    {
        using var gone = new HeldPort();

        await AssertHandshake(RequestError.ConnectRefused, new Uri($"http://127.0.0.1:{gone.Number}/"));
    }

    [Fact]
    public Task A_close_at_once_is_closed_before_response() => AssertHandshake(RequestError.ClosedBeforeResponse, async c => await c.ReadRequestAsync());

    [Fact]
    public Task Garbage_is_malformed() => AssertHandshake(RequestError.MalformedResponse, async c => await c.WriteAsync("SSH-2.0-OpenSSH\r\n\r\n"));

    [Fact]
    public Task A_silent_peer_is_response_timeout() => AssertHandshake(RequestError.ResponseTimeout, c => c.DelayAsync(30), timeout: "3s");

    [Theory]
    [InlineData("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n")]
    [InlineData("Upgrade: websocket\r\nConnection: Upgrade\r\n")]
    [InlineData("Upgrade: chat\r\nConnection: Upgrade\r\n")]
    public Task A_handshake_that_proves_nothing_is_malformed(string fields) => AssertHandshake(RequestError.MalformedResponse, async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync($"HTTP/1.1 101 Switching Protocols\r\n{fields}\r\n");
        await c.DelayAsync(30);
    });

    [Theory]
    [InlineData("Sec-WebSocket-Protocol: other\r\n")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate\r\n")]
    public Task A_subprotocol_or_extension_that_was_not_offered_is_malformed(string field) => AssertHandshake(RequestError.MalformedResponse, async c =>
    {
        await BadSocket.AcceptAsync(c, field);
        await c.DelayAsync(30);
    });

    [Fact]
    public Task A_peer_that_says_nothing_is_response_timeout() => AssertMessage(RequestError.ResponseTimeout, c => c.DelayAsync(30), within: "1s");

    [Fact]
    public Task A_peer_that_says_other_things_fails_the_expectation() => AssertMessage(RequestError.ExpectationFailed, async c =>
    {
        await c.WriteAsync((byte[])[.. BadSocket.Text("never"), .. BadSocket.Text("mind")]);
        await c.DelayAsync(30);
    }, within: "5s");

    [Fact]
    public Task A_close_frame_is_closed_before_response() => AssertMessage(RequestError.ClosedBeforeResponse, async c =>
    {
        await c.WriteAsync(new byte[] { 0x88, 2, 0x03, 0xE8 });
        await c.DelayAsync(30);
    });

    [Fact]
    public Task An_end_without_a_close_frame_is_closed_before_response() => AssertMessage(RequestError.ClosedBeforeResponse, _ => Task.CompletedTask);

    [Fact]
    public Task An_end_in_the_middle_of_a_message_is_truncated() => AssertMessage(RequestError.ResponseTruncated, async c => await c.WriteAsync(new byte[] { 0x01, 2, (byte)'h', (byte)'i' }));

    [Fact]
    public Task An_end_in_the_middle_of_a_frame_is_truncated() => AssertMessage(RequestError.ResponseTruncated, async c => await c.WriteAsync(new byte[] { 0x81, 9, (byte)'h', (byte)'i' }));

    [Fact]
    public Task A_reset_in_the_middle_of_a_message_is_truncated() => AssertMessage(RequestError.ResponseTruncated, async c =>
    {
        await c.WriteAsync(new byte[] { 0x01, 2, (byte)'h', (byte)'i' });
        await c.DelayAsync(0.3);
        c.Reset();
    });

    [Theory]
    [InlineData(new byte[] { 0x81, 0x82, 1, 2, 3, 4, 5, 6 })] // masked, as only clients may
    [InlineData(new byte[] { 0x83, 1, 65 })] // a kind of frame that there is not
    [InlineData(new byte[] { 0xC1, 1, 65 })] // compressed without being asked
    [InlineData(new byte[] { 0x80, 1, 65 })] // goes on with what had not begun
    [InlineData(new byte[] { 0x81, 1, 0xFF })] // text that is not UTF-8
    [InlineData(new byte[] { 0x81, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 65 })] // longer than there are numbers
    [InlineData(new byte[] { 0x09, 0, 0, 0 })] // a ping in parts
    public Task What_breaks_the_protocol_is_malformed(byte[] frame) => AssertMessage(RequestError.MalformedResponse, async c =>
    {
        await c.WriteAsync(frame);
        await c.DelayAsync(30);
    });

    [Fact]
    public Task A_message_without_end_is_too_large() => AssertMessage(RequestError.MessageTooLarge, async c =>
    {
        var part = (byte[])[0x00, 126, 0xFF, 0xFF, .. new byte[65535]];
        await c.WriteAsync(new byte[] { 0x02, 0 });
        while (true)
            await c.WriteAsync(part);
    });

    [Fact]
    public async Task A_peer_that_talks_while_nobody_listens_is_made_to_wait()
    {
        var waited = false;
        using var stop = new CancellationTokenSource();
        await using var server = new RawServer(async c =>
        {
            await BadSocket.AcceptAsync(c);
            var part = (byte[])[0x82, 126, 0xFF, 0xFF, .. new byte[65535]];
            for (var i = 0; i < 20_000 && !waited; i++)
            {
                // The kernel's buffers and the little that is kept are full long before.
                var writing = c.WriteAsync(part);
                waited = await Task.WhenAny(writing, c.DelayAsync(1)) != writing;
                if (waited)
                    await stop.CancelAsync();
                await writing;
            }
        });

        await EngineRun.Of(SocketRun.Plan(server.Url, " users: 1, duration: 60s ", "{ ws: / }, { think: 60s }"), stop: stop);

        Assert.True(waited);
    }

    private static async Task AssertHandshake(RequestError error, Func<RawConnection, Task> serve, string timeout = "20s")
    {
        await using var server = new RawServer(serve);

        await AssertHandshake(error, server.Url, timeout);
    }

    private static async Task AssertHandshake(RequestError error, Uri target, string timeout = "20s")
    {
        var run = await SocketRun.Of(target, " rate: 10/s, duration: 1s ", "{ ws: / }, { send: x }", timeout: timeout);

        Assert.Equal([(error, 5L)], run.Total.Requests[0].Errors());
        Assert.Equal(5, run.Total.Requests[1].NotSent);
    }

    private static async Task AssertMessage(RequestError error, Func<RawConnection, Task> serve, string within = "20s")
    {
        await using var server = new RawServer(async c =>
        {
            await BadSocket.AcceptAsync(c);
            await serve(c);
        });

        var run = await SocketRun.Of(server.Url, " rate: 10/s, duration: 1s ", $"{{ ws: / }}, {{ expect: {{ contains: hello, within: {within} }} }}");

        Assert.Equal(5, run.Total.Requests[0].Ok);
        Assert.Equal([(error, 5L)], run.Total.Requests[1].Errors());
    }
}
