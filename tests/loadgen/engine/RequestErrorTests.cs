using System.Net;
using System.Net.Sockets;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Every error of HTTP/1.1 from the situation that it stands for. (Failing TLS stands in TlsTests.)</summary>
public abstract class RequestErrorTests(bool tls) : OverBoth(tls)
{
    // Handshakes take their time on a busy machine: only what is to time out has little of it.
    private static readonly HttpOptions Patient = EngineRun.Insecure with { ConnectTimeout = TimeSpan.FromSeconds(20), Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task A_port_where_nothing_listens_is_connect_refused()
    {
        using var port = new HeldPort();

        await AssertAllFailWith(RequestError.ConnectRefused, new Uri($"{Scheme}://127.0.0.1:{port.Number}/"));
    }

    [Fact]
    public async Task A_listener_whose_backlog_is_full_is_connect_timeout()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        // The kernel lets one connection into a backlog of 0; those after it get no answer to their SYN.
        using var first = new TcpClient();
        await first.ConnectAsync(address, TestContext.Current.CancellationToken);

        await AssertAllFailWith(RequestError.ConnectTimeout, new Uri($"{Scheme}://{address}/"), Patient with { ConnectTimeout = TimeSpan.FromSeconds(0.3) });
    }

    [Fact]
    public Task A_name_that_does_not_resolve_is_dns_failed() => AssertAllFailWith(RequestError.DnsFailed, new Uri($"{Scheme}://nonexistent.invalid/"));

    [Fact]
    public Task An_address_without_a_route_is_connect_failed() => AssertAllFailWith(RequestError.ConnectFailed, new Uri($"{Scheme}://255.255.255.255/"));

    [Fact]
    public Task A_close_without_an_answer_is_closed_before_response() =>
        AssertAllFailWith(RequestError.ClosedBeforeResponse, async c => await c.ReadRequestAsync());

    [Fact]
    public Task A_reset_without_an_answer_is_closed_before_response() => AssertAllFailWith(RequestError.ClosedBeforeResponse, async c =>
    {
        await c.ReadRequestAsync();
        c.Reset();
    });

    [Fact]
    public Task A_body_that_ends_early_is_truncated() => AssertAllFailWith(RequestError.ResponseTruncated, async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok");
    });

    [Fact]
    public Task A_reset_in_the_middle_is_truncated() => AssertAllFailWith(RequestError.ResponseTruncated, async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync("HTTP/1.1 200 OK\r\n\r\nunti");
        // What nobody has read by then is gone with the reset.
        await c.DelayAsync(1);
        c.Reset();
    });

    [Fact]
    public Task Another_protocol_is_malformed() => AssertAllFailWith(RequestError.MalformedResponse, async c =>
    {
        await c.WriteAsync("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
        await c.DelayAsync(30);
    });

    [Fact]
    public Task Endless_headers_are_too_large() => AssertAllFailWith(RequestError.HeadersTooLarge, async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync("HTTP/1.1 200 OK\r\n");
        while (true)
            await c.WriteAsync($"X-Fill: {new string('x', 4_000)}\r\n");
    });

    [Fact]
    public async Task A_body_that_drips_for_ever_is_response_timeout()
    {
        await using var server = Serving(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            while (true)
            {
                await c.WriteAsync("x");
                await c.DelayAsync(0.05);
            }
        });

        // Connecting counts too.
        await AssertAllFailWith(RequestError.ResponseTimeout, server.Url, Patient, timeout: TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_reset_while_the_request_is_written_is_send_failed()
    {
        await using var server = Serving(async c =>
        {
            // Some of the request is taken, the rest fills the buffers; then comes the reset.
            await c.DelayAsync(0.2);
            c.Reset();
        });
        var post = EngineRun.Get(server.Url) with { Method = "POST", Body = new byte[16 * 1024 * 1024] };

        var run = await EngineRun.Of(EngineRun.Plan(2, 1, post));

        Assert.Equal(2, run.Only.ErrorCount(RequestError.SendFailed));
    }

    [Fact]
    public async Task A_status_of_400_or_above_is_check_failed_unless_a_check_allows_it()
    {
        await using var server = Answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        var allowed = EngineRun.Get(server.Url, "allowed") with { Checks = [new Check.Status([(200, 299), (404, 404)])] };

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(server.Url), allowed));

        Assert.Equal(10, run.Total.Requests[0].ErrorCount(RequestError.CheckFailed));
        Assert.Equal(10, run.Total.Requests[0].StatusCount(404));
        Assert.Equal(10, run.Total.Requests[1].Ok);
        Assert.Equal(10, run.Total.Requests[1].ChecksPassed);
    }

    [Fact]
    public async Task Checks_look_at_the_body()
    {
        await using var server = Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nin st\r\n5\r\nock 7\r\n0\r\n\r\n");
        var request = EngineRun.Get(server.Url) with
        {
            Checks = [new Check.BodyContains("stock"), new Check.BodyContains("sold"), new Check.BodyMatches(new("[0-9]$"))],
        };

        var run = await EngineRun.Of(EngineRun.Plan(10, 1, request));

        Assert.Equal((20, 10), (run.Only.ChecksPassed, run.Only.ChecksFailed));
        Assert.Equal(10, run.Only.ErrorCount(RequestError.CheckFailed));
    }

    [Fact]
    public async Task What_a_stop_cuts_off_is_stopped()
    {
        await using var server = Serving(async c =>
        {
            await c.ReadRequestAsync();
            await c.DelayAsync(120);
        });
        using var stop = new CancellationTokenSource();

        var running = EngineRun.Of(EngineRun.Plan(100, 60, EngineRun.Get(server.Url)) with { Http = Patient with { Timeout = TimeSpan.FromSeconds(60) } }, stop: stop);
        await Eventually.Holds(() => server.Requests >= 10);
        await stop.CancelAsync();
        var run = await running;

        Assert.InRange(run.Only.Sent, 10, 5_000);
        Assert.Equal(run.Only.Sent, run.Only.ErrorCount(RequestError.Stopped));
    }

    private async Task AssertAllFailWith(RequestError error, Func<RawConnection, Task> serve)
    {
        await using var server = Serving(serve);
        await AssertAllFailWith(error, server.Url);
    }

    private static Task AssertAllFailWith(RequestError error, Uri url) => AssertAllFailWith(error, url, Patient);

    private static async Task AssertAllFailWith(RequestError error, Uri url, HttpOptions options, TimeSpan? timeout = null)
    {
        var plan = EngineRun.Plan(20, 1, EngineRun.Get(url) with { Timeout = timeout }) with { Http = options };

        var run = await EngineRun.Of(timeout is { } own ? EngineRun.ThenSilence(plan, own.TotalSeconds) : plan);

        Assert.Equal(20, run.Only.Sent);
        Assert.Equal([(error, 20L)], run.Only.Errors());
    }
}

public sealed class PlainRequestErrorTests() : RequestErrorTests(tls: false);

public sealed class TlsRequestErrorTests() : RequestErrorTests(tls: true);
