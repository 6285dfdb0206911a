using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Pressure.Mirror.Tests;

public sealed class ProductionTests : IAsyncLifetime
{
    private MirrorRig _rig = null!;
    private HttpClient _direct = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Answers are kept as well: what is looked at most must not change either.
        _rig = await MirrorRig.StartAsync(plan => plan with { Compare = TrafficCopy.ComparisonRules.Default, Rules = new CopyRules { Methods = ["GET", "HEAD", "POST"] } });
        _direct = new HttpClient { BaseAddress = new Uri(_rig.Production.Url) };
    }

    public async ValueTask DisposeAsync()
    {
        _direct.Dispose();
        await _rig.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "plain?a=b%20c&d=%2F")]
    [InlineData("GET", "big")]
    [InlineData("HEAD", "big")]
    [InlineData("GET", "chunked")]
    [InlineData("GET", "gzip")]
    [InlineData("GET", "unchanged")]
    [InlineData("GET", "empty")]
    [InlineData("GET", "wrong")]
    [InlineData("GET", "letters")]
    [InlineData("POST", "plain")]
    public async Task Clients_get_what_production_answers(string method, string path)
    {
        var expected = await AskAsync(_direct, method, path);

        Assert.Equal(expected, await AskAsync(_rig.Client, method, path));
        Assert.Contains("X-Server: production", expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_after_the_body_pass()
    {
        await using var trailing = new RawServer(async (stream, stop) =>
        {
            while (await RawServer.ReadHeadAsync(stream, stop) is { Length: > 0 })
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n"u8.ToArray(), stop);
        });
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Production = trailing.Url, Compare = TrafficCopy.ComparisonRules.Default });
        using var socket = new TcpClient();
        await socket.ConnectAsync(rig.Mirror.Listening, Stop);
        for (var i = 0; i < 2; i++)
        {
            await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Stop);
            await RawServer.ReadHeadAsync(socket.GetStream(), Stop);

            Assert.Equal("5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n", await RawServer.ReadHeadAsync(socket.GetStream(), Stop));
        }
    }

    [Fact]
    public async Task Requests_come_to_production_as_they_were_sent()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_rig.Mirror.Listening, Stop);
        await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes("POST //a/%7Eb/./c%2fd?x=%41&y HTTP/1.1\r\nHost: shop.test\r\nX-Letters: gr\u00fc\u00df\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"), Stop);
        await new StreamReader(socket.GetStream()).ReadToEndAsync(Stop);

        var asked = _rig.Production.Asked.Single();

        Assert.Equal(("POST", "//a/%7Eb/./c%2fd?x=%41&y", "hello"), (asked.Method, asked.Target, Encoding.UTF8.GetString(asked.Body)));
        Assert.Equal(("shop.test", "gr\u00fc\u00df"), (asked.Headers["Host"], asked.Headers["X-Letters"]));
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("10.1.2.3", "10.1.2.3, 127.0.0.1")]
    public async Task Production_is_told_the_clients_address(string? before, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "plain");
        if (before is not null)
            request.Headers.Add("X-Forwarded-For", before);
        using var answer = await _rig.Client.SendAsync(request, Stop);

        Assert.Equal(expected, _rig.Production.Asked.Single().Headers["X-Forwarded-For"]);
    }

    [Fact]
    public async Task WebSockets_pass_and_are_not_copied()
    {
        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(new Uri($"ws://{_rig.Mirror.Listening}/echo"), Stop);
            await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Stop);
            var buffer = new byte[16];
            var got = await socket.ReceiveAsync(buffer, Stop);
            Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, got.Count));
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
        }

        Assert.Equal(1, await _rig.FateAsync(CopyFate.Upgrade));
        Assert.Equal(0, _rig.Target.Count);
    }

    [Fact]
    public async Task A_production_that_is_not_there_is_a_bad_gateway_and_not_copied()
    {
        await _rig.Production.DisposeAsync();

        using var answer = await _rig.Client.GetAsync("plain", Stop);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(1, await _rig.FateAsync(CopyFate.ProductionFailed));
        Assert.Equal(1, _rig.Status.Production.Failed);
    }

    [Fact]
    public async Task A_request_whose_body_production_did_not_read_is_not_copied()
    {
        await using var hasty = new RawServer(async (stream, stop) =>
        {
            await RawServer.ReadHeadAsync(stream, stop);
            await stream.WriteAsync("HTTP/1.1 413 Too much\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!"u8.ToArray(), stop);
            await Task.Delay(Timeout.Infinite, stop);
        });
        await using var rig = await MirrorRig.StartAsync(plan => plan with { Production = hasty.Url, Rules = new CopyRules { Methods = ["POST"] } });
        using var socket = new TcpClient();
        await socket.ConnectAsync(rig.Mirror.Listening, Stop);
        await socket.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n"u8.ToArray(), Stop);

        var head = await RawServer.ReadHeadAsync(socket.GetStream(), Stop);

        Assert.StartsWith("HTTP/1.1 413 Too much", head, StringComparison.Ordinal);
        Assert.Equal(1, await rig.FateAsync(CopyFate.BodyUnread));
        Assert.Equal(1, rig.Status.Production.Answers["4xx"]);
    }

    private static async Task<string> AskAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
            request.Content = new StringContent(new string('x', 300_000));
        request.Headers.TE.ParseAdd("trailers");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        var body = await answer.Content.ReadAsByteArrayAsync(Stop);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not "Date").SelectMany(h => h.Value.Select(v => $"{h.Key}: {v}")).Order(StringComparer.Ordinal);
        var trailers = answer.TrailingHeaders.SelectMany(h => h.Value.Select(v => $"{h.Key}: {v}"));
        return $"{(int)answer.StatusCode} {answer.ReasonPhrase}\n{string.Join('\n', headers)}\n\n{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body))} {body.Length}\n{string.Join('\n', trailers)}";
    }
}
