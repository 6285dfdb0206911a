using System.Net;
using System.Net.Sockets;

namespace Pressure.Bench.Cluster;

/// <summary>Answers every request with 200 and counts them; of HTTP it knows only that a request without a body ends with an empty line.</summary>
internal sealed class CountingServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private long _count;

    /// <summary>Listens on all addresses, so that workers in networks of their own come through.</summary>
    public CountingServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        _listener.Listen(512);
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Requests that have come.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var held = client;
        try
        {
            client.NoDelay = true;
            var (buffer, filled, answer) = (new byte[4096], 0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
            for (int read; (read = await client.ReceiveAsync(buffer.AsMemory(filled))) > 0;)
            {
                filled += read;
                for (int end; (end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) >= 0;)
                {
                    end += 4;
                    buffer.AsSpan(end, filled - end).CopyTo(buffer);
                    filled -= end;
                    Interlocked.Increment(ref _count);
                    await client.SendAsync(answer);
                }
            }
        }
        catch (SocketException)
        {
            // The client is gone.
        }
    }
}
