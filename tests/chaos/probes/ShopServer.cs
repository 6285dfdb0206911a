using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pressure.Chaos.Tests.Probes;

/// <summary>A server on a port of loopback that can go away and come back on the same one.</summary>
internal sealed class ShopServer : IDisposable
{
    private TcpListener? _listener;

    /// <summary>Its port.</summary>
    public int Port { get; } = ServerProcess.FreePort();

    /// <summary>What it answers; null to take connections and say nothing.</summary>
    public string? Answer { get; set; } = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Shop: A\r\n\r\nwe sell it";

    public void Start()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port) { ExclusiveAddressUse = false };
        _listener.Start();
        _ = ServeAsync(_listener);
    }

    public void Stop() => Interlocked.Exchange(ref _listener, null)?.Dispose();

    public void Dispose() => Stop();

    private async Task ServeAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = TalkAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // It went away.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            using var request = new StreamReader(stream, Encoding.ASCII);
            while (await request.ReadLineAsync() is { Length: > 0 })
                continue;
            if (Answer is { } answer)
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            else
                await request.ReadLineAsync();
        }
    }
}
