using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Pressure.Gateway.Tests;

public sealed class HttpGatewayTests : IAsyncLifetime
{
    private Service _service = null!;
    private GatewayRig _rig = null!;
    private HttpClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = await Service.StartAsync();
        _rig = await GatewayRig.StartAsync(_service.Url);
        _client = new HttpClient { BaseAddress = _rig.Url };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _rig.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Without_faults_everything_passes_as_it_is()
    {
        using var answer = await _client.PostAsync("teapot?a=b%20c", new StringContent("hello"), Stop);

        Assert.Equal((HttpStatusCode)418, answer.StatusCode);
        Assert.Equal("as it was", answer.Headers.GetValues("X-Told").Single());
        Assert.Equal($"POST {_rig.Server.Control.Listen} /teapot?a=b%20c hello", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task WebSockets_pass()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{_rig.Server.Control.Listen}/echo"), Stop);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Stop);
        var buffer = new byte[16];

        var got = await socket.ReceiveAsync(buffer, Stop);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, got.Count));
    }

    [Fact]
    public async Task A_response_passes_piece_by_piece()
    {
        using var answer = await _client.GetAsync("drip", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));

        var first = await reader.ReadLineAsync(Stop);
        await _client.GetStringAsync("go", Stop);

        Assert.Equal(("first", "last"), (first, await reader.ReadLineAsync(Stop)));
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_a_bad_gateway()
    {
        await _service.DisposeAsync();

        using var answer = await _client.GetAsync("/", Stop);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task A_delayed_request_waits_and_goes_on_when_the_fault_is_undone()
    {
        var intent = await _rig.ApplyAsync("http-delay", ("delay", "1h"), ("path", "/slow"));
        var slow = _client.GetStringAsync("slow", Stop);
        await _client.GetStringAsync("fast", Stop);
        Assert.False(slow.IsCompleted);

        Assert.IsType<UndoOutcome.Undone>(await _rig.UndoAsync(intent));

        Assert.Contains("/slow", await slow, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delay_lasts_as_long_as_it_was_asked()
    {
        await _client.GetStringAsync("/", Stop);
        await _rig.ApplyAsync("http-delay", ("delay", "150ms"), ("jitter", "20ms"));
        var began = TimeProvider.System.GetTimestamp();

        await _client.GetStringAsync("/", Stop);

        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds, 129, 60_000);
    }

    [Fact]
    public async Task An_aborted_request_is_a_reset_connection()
    {
        await _rig.ApplyAsync("http-abort");
        using var socket = await _rig.ConnectAsync();
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Stop);

        var said = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[16], Stop));

        Assert.Equal((SocketError.ConnectionReset, 0), (said.SocketErrorCode, _service.Asked));
    }

    [Fact]
    public async Task A_status_is_answered_without_the_service()
    {
        await _rig.ApplyAsync("http-status", ("status", "503"), ("body", "too much"), ("method", "POST"));

        using var struck = await _client.PostAsync("/", null, Stop);
        using var spared = await _client.GetAsync("/", Stop);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "too much"), (struck.StatusCode, await struck.Content.ReadAsStringAsync(Stop)));
        Assert.Equal((HttpStatusCode.OK, 1), (spared.StatusCode, _service.Asked));
    }

    [Fact]
    public async Task Only_requests_with_the_header_are_struck()
    {
        await _rig.ApplyAsync("http-status", ("status", "500"), ("header", "X-Tenant: acme"));
        using var acme = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Tenant", "acme" } } };
        using var other = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Tenant", "other" } } };

        Assert.Equal(HttpStatusCode.InternalServerError, (await _client.SendAsync(acme, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(other, Stop)).StatusCode);
    }

    [Fact]
    public async Task A_share_of_the_requests_is_struck()
    {
        await _rig.ApplyAsync("http-status", ("status", "500"), ("percent", "30%"));

        var struck = 0;
        for (var n = 0; n < 1000; n++)
        {
            using var answer = await _client.GetAsync("/", Stop);
            struck += answer.StatusCode == HttpStatusCode.InternalServerError ? 1 : 0;
        }

        // Four standard deviations.
        Assert.InRange(struck, 300 - 58, 300 + 58);
        Assert.Equal(1000, struck + _service.Asked);
    }

    [Fact]
    public async Task A_truncated_body_ends_early_with_a_reset()
    {
        await _rig.ApplyAsync("http-body", ("change", "truncate"), ("keep", "1MB"));
        using var answer = await _client.GetAsync("big", HttpCompletionOption.ResponseHeadersRead, Stop);
        await using var body = await answer.Content.ReadAsStreamAsync(Stop);
        var (buffer, read) = (new byte[65536], 0);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (await body.ReadAsync(buffer, Stop) is > 0 and var count)
                read += count;
        });

        Assert.Equal(1_000_000, read);
    }

    [Fact]
    public async Task A_replaced_body_comes_with_the_services_status()
    {
        await _rig.ApplyAsync("http-body", ("change", "replace"), ("body", "{}"));

        using var answer = await _client.GetAsync("teapot", Stop);

        Assert.Equal(((HttpStatusCode)418, "{}"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop)));
    }

    [Fact]
    public async Task A_corrupt_body_has_its_length_and_wrong_bytes()
    {
        await _rig.ApplyAsync("http-body", ("change", "corrupt"));

        var body = await _client.GetByteArrayAsync("big", Stop);

        Assert.Equal((Service.BigBytes, Service.BigBytes / 1000), (body.Length, body.Count(b => b != 0)));
        Assert.NotEqual(0, body[0]);
    }

    [Fact]
    public async Task Rules_side_by_side_end_each_for_itself()
    {
        var first = await _rig.ApplyAsync("http-status", ("status", "500"), ("path", "/a"));
        await _rig.ApplyAsync("http-status", ("status", "503"), ("path", "/b"));

        await _rig.UndoAsync(first);

        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("a", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _client.GetAsync("b", Stop)).StatusCode);
    }
}
