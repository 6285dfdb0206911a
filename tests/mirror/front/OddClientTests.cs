using System.Net.Sockets;

namespace Pressure.Mirror.Tests;

/// <summary>Clients that break off, or speak another protocol.</summary>
public sealed class OddClientTests : IAsyncLifetime
{
    private MirrorRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await MirrorRig.StartAsync(plan => plan with { Rules = new CopyRules { Methods = ["GET", "POST"] } });

    public async ValueTask DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\nthe beginning")]
    [InlineData("POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\nthe beginning")]
    [InlineData("POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n")]
    public async Task A_client_that_goes_away_within_its_body_is_not_copied_and_holds_no_memory(string beginning)
    {
        using (var socket = await ConnectAsync(beginning))
        {
            while (_rig.Status.Production.Requests == 0)
                await Task.Delay(5, Stop);
        }

        await _rig.FateAsync(CopyFate.ClientAborted);

        await _rig.SettledAsync();
        Assert.Equal((1, 0), (_rig.Status.Production.Aborted, _rig.Target.Count));
        Assert.Equal(0, _rig.Status.Copies!.HeldBytes);
        await StillWorksAsync();
    }

    [Fact]
    public async Task HTTP_2_without_an_upgrade_is_told_to_speak_HTTP_1_and_reaches_nobody()
    {
        // Preface and an empty SETTINGS frame, as a client with prior knowledge begins.
        using var socket = await ConnectAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");

        // GOAWAY, with the code HTTP_1_1_REQUIRED.
        var frame = new byte[17];
        await socket.GetStream().ReadExactlyAsync(frame, Stop);
        Assert.Equal([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13], frame);
        Assert.Equal(0, _rig.Production.Count);
        await StillWorksAsync();
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "hello")]
    public async Task A_client_that_offers_HTTP_2_is_answered_in_HTTP_1_and_copied(string method, string body)
    {
        using var socket = await ConnectAsync($"{method} /a HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n{body}");

        Assert.StartsWith("HTTP/1.1 200", await RawServer.ReadHeadAsync(socket.GetStream(), Stop), StringComparison.Ordinal);
        await _rig.SettledAsync();
        Assert.Equal((1, 1), (_rig.Production.Count, _rig.Target.Count));
        Assert.Equal(body, System.Text.Encoding.ASCII.GetString(_rig.Target.Asked[0].Body));
        Assert.DoesNotContain("Upgrade", _rig.Production.Asked[0].Headers.Keys);
    }

    private async Task<TcpClient> ConnectAsync(string said)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(_rig.Mirror.Listening, Stop);
        await socket.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(said), Stop);
        return socket;
    }

    private async Task StillWorksAsync()
    {
        using var answer = await _rig.Client.GetAsync("after", Stop);
        Assert.True(answer.IsSuccessStatusCode);
        await _rig.FateAsync(CopyFate.Copied);
    }
}
