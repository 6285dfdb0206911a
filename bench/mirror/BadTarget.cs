using System.Net;
using System.Net.Sockets;

namespace Pressure.Bench.Mirror;

/// <summary>A test target that answers after a while, or never.</summary>
internal static class BadTarget
{
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();

    public static async Task RunAsync(int port, TimeSpan delay)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start(backlog: 4096);
        _ = AcceptAsync(listener, delay);
        await Console.In.ReadToEndAsync();
    }

    private static async Task AcceptAsync(TcpListener listener, TimeSpan delay)
    {
        while (true)
            _ = ServeAsync(await listener.AcceptSocketAsync(), delay);
    }

    // A request comes in one piece here.
    private static async Task ServeAsync(Socket socket, TimeSpan delay)
    {
        using (socket)
        {
            try
            {
                var buffer = new byte[64 << 10];
                while (await socket.ReceiveAsync(buffer) > 0)
                {
                    await Task.Delay(delay);
                    await socket.SendAsync(Answer);
                }
            }
            catch (SocketException)
            {
                // The mirror gave up.
            }
        }
    }
}
