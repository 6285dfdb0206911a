using System.Net;
using System.Net.Sockets;

namespace Pressure.Bench;

/// <summary>Answers every request after a while, so that as many connections are open as clients like to have.</summary>
internal static class HoldServer
{
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();

    /// <summary>Prints its URL and serves until the input ends.</summary>
    public static async Task RunAsync(TimeSpan delay)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog: 4096);
        Console.WriteLine($"http://{listener.LocalEndpoint}/");
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
                var buffer = new byte[1024];
                while (await socket.ReceiveAsync(buffer) > 0)
                {
                    await Task.Delay(delay);
                    await socket.SendAsync(Answer);
                }
            }
            catch (SocketException)
            {
                // The client is done.
            }
        }
    }
}
