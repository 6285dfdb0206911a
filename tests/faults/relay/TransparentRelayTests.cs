using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pressure.Faults.Tests.Relay;

public sealed class TransparentRelayTests : IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly FakeTime _time = new();
    private readonly Socket _service = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _service.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_connection_that_is_being_made_when_the_delay_ends_is_carried_all_the_same()
    {
        using var first = await FilledAsync();
        TaskCompletionSource taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var relay = new TransparentRelay(new FlowState(), new FlowState(), 0, _time, new Random(1))
        {
            Meant = _ =>
            {
                taken.TrySetResult();
                return (IPEndPoint)_service.LocalEndPoint!;
            },
        };
        using var client = await ConnectedAsync(new IPEndPoint(IPAddress.Loopback, relay.Listen().V4));
        await client.SendAsync("ask"u8.ToArray(), Stop);
        await taken.Task;

        // It can't come to the service yet, and the relay has several looks at what it carries.
        var ending = relay.EndAsync();
        for (var glance = 0; glance < 10; glance++)
        {
            _time.Advance(Glance);
            await Task.Delay(1, Stop);
        }
        Assert.False(ending.IsCompleted);
        using var other = await _service.AcceptAsync(Stop);
        using var server = await _service.AcceptAsync(Stop);

        Assert.Equal("ask", await HeardAsync(server));
        await server.SendAsync("answer"u8.ToArray(), Stop);
        Assert.Equal("answer", await HeardAsync(client));
        while (!ending.IsCompleted)
        {
            _time.Advance(Glance);
            await Task.Delay(1, Stop);
        }
        Assert.Equal("", await HeardAsync(client));
    }

    /// <summary>A connection after which the service's backlog is full: the kernel lets the next one wait until there is room.</summary>
    private async Task<Socket> FilledAsync()
    {
        _service.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _service.Listen(0);
        return await ConnectedAsync((IPEndPoint)_service.LocalEndPoint!);
    }

    private static async Task<Socket> ConnectedAsync(IPEndPoint to)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to, Stop);
        return socket;
    }

    private static async Task<string> HeardAsync(Socket socket)
    {
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Stop));
    }
}
