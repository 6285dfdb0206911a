using System.Net;
using System.Net.Sockets;

namespace Pressure.Gateway.Tests;

public sealed class TcpGatewayTests : IAsyncLifetime
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private GatewayRig _rig = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _rig = await GatewayRig.StartAsync($"tcp://{_listener.LocalEndPoint}");
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _listener.Dispose();
    }

    [Fact]
    public async Task Bytes_pass_in_order_and_an_end_is_an_end_of_its_own_direction()
    {
        var (client, server) = await OpenAsync();
        var sent = new byte[2_000_000];
        new Random(3).NextBytes(sent);

        var sending = Task.Run(async () => { await client.SendAsync(sent, Stop); client.Shutdown(SocketShutdown.Send); }, Stop);
        var got = await ToEndAsync(server);
        await sending;
        await server.SendAsync("answer"u8.ToArray(), Stop);
        server.Dispose();

        Assert.Equal(sent, got);
        Assert.Equal("answer"u8.ToArray(), await ToEndAsync(client));
    }

    [Fact]
    public async Task Whoever_sends_faster_than_the_other_reads_has_to_wait()
    {
        var (client, _) = await OpenAsync();
        client.SendTimeout = 500;

        var sent = 0;
        Assert.Throws<SocketException>(() =>
        {
            while (sent < 200_000_000)
                sent += client.Send(new byte[65536]);
        });

        Assert.InRange(sent, 1, 50_000_000);
    }

    [Fact]
    public async Task A_reset_of_the_service_is_one_of_the_client()
    {
        var (client, server) = await OpenAsync();

        FlowPump.Reset(server);

        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(async () => await client.ReceiveAsync(new byte[1], Stop))).SocketErrorCode);
    }

    [Fact]
    public async Task A_delay_counts_for_open_connections_too_and_only_in_its_direction()
    {
        var (client, server) = await OpenAsync();
        var intent = await _rig.ApplyAsync("tcp-delay", ("delay", "1h"), ("direction", "out"));

        await client.SendAsync("ask"u8.ToArray(), Stop);
        var buffer = new byte[16];
        Assert.Equal(3, await server.ReceiveAsync(buffer, Stop));
        await server.SendAsync("one"u8.ToArray(), Stop);
        await server.SendAsync("two"u8.ToArray(), Stop);
        var answer = client.ReceiveAsync(buffer, Stop).AsTask();
        await Task.Delay(200, Stop);
        Assert.False(answer.IsCompleted);
        await _rig.UndoAsync(intent);

        var got = await answer;
        while (got < 6)
            got += await client.ReceiveAsync(buffer.AsMemory(got), Stop);
        Assert.Equal("onetwo"u8.ToArray(), buffer[..6]);
    }

    [Fact]
    public async Task A_black_hole_keeps_what_is_sent_and_gives_it_back_at_its_end()
    {
        var (client, server) = await OpenAsync();
        var intent = await _rig.ApplyAsync("tcp-blackhole", TimeSpan.FromSeconds(5));
        var sent = new byte[100_000];
        new Random(4).NextBytes(sent);
        await client.SendAsync(sent, Stop);
        client.Shutdown(SocketShutdown.Send);
        var first = await server.ReceiveAsync(new byte[1], SocketFlags.Peek, Stop);
        var came = TimeProvider.System.GetUtcNow();

        Assert.Equal(1, first);
        Assert.Equal(sent, await ToEndAsync(server));
        Assert.True(came >= intent.Deadline - TimeSpan.FromMilliseconds(50), $"it came at {came:O}, its deadline was {intent.Deadline:O}");
    }

    [Fact]
    public async Task A_reset_breaks_open_connections_and_new_ones()
    {
        var (client, server) = await OpenAsync();

        var intent = await _rig.ApplyAsync("tcp-reset");

        await Assert.ThrowsAsync<SocketException>(async () => await client.ReceiveAsync(new byte[1], Stop));
        await Assert.ThrowsAsync<SocketException>(async () => await server.ReceiveAsync(new byte[1], Stop));
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var another = await _rig.ConnectAsync();
            await another.ReceiveAsync(new byte[1], Stop);
        });
        using var taken = await _listener.AcceptAsync(Stop);
        await _rig.UndoAsync(intent);
        var (later, atService) = await OpenAsync();
        await later.SendAsync("x"u8.ToArray(), Stop);
        Assert.Equal(1, await atService.ReceiveAsync(new byte[1], Stop));
    }

    [Fact]
    public async Task A_bandwidth_is_kept()
    {
        var (client, server) = await OpenAsync();
        await _rig.ApplyAsync("tcp-bandwidth", ("rate", "2mbit"), ("direction", "in"));
        var began = TimeProvider.System.GetTimestamp();

        var sending = Task.Run(async () => { await client.SendAsync(new byte[125_000], Stop); client.Shutdown(SocketShutdown.Send); }, Stop);
        var got = await ToEndAsync(server);
        await sending;

        Assert.Equal(125_000, got.Length);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0.48, 60);
    }

    private async Task<(Socket Client, Socket Server)> OpenAsync()
    {
        var client = await _rig.ConnectAsync();
        return (client, await _listener.AcceptAsync(Stop));
    }

    private static async Task<byte[]> ToEndAsync(Socket socket)
    {
        var got = new MemoryStream();
        var buffer = new byte[65536];
        while (await socket.ReceiveAsync(buffer, Stop) is > 0 and var count)
            got.Write(buffer, 0, count);
        return got.ToArray();
    }
}
