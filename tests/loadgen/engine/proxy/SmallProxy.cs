using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>A forward proxy on loopback: absolute-form requests and CONNECT, with Basic authorization if told so; writes down what was asked.</summary>
internal sealed class SmallProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentBag<Socket> _open = [];

    public SmallProxy()
    {
        _listener.Start(1024);
        _ = AcceptAsync();
    }

    /// <summary><c>name:password</c> that it asks for; null for none.</summary>
    public string? User { get; init; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>First lines of the requests that came.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        foreach (var socket in _open)
            socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_closing.Token);
                socket.NoDelay = true;
                _open.Add(socket);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or InvalidOperationException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var _ = client;
        try
        {
            while (await ReadHeadAsync(client) is { } head)
            {
                Lines.Enqueue(head[..head.IndexOf('\r', StringComparison.Ordinal)]);
                if (User is not null && !head.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(User))}\r\n", StringComparison.Ordinal))
                    await WriteAsync(client, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n");
                else if (!head.StartsWith("CONNECT ", StringComparison.Ordinal))
                    await ForwardAsync(client, head);
                else
                    await TunnelAsync(client, head.Split(' ')[1]);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the sides has closed.
        }
    }

    // One request, answered with what comes until the target closes. Bodies are as small as the head's piece.
    private static async Task ForwardAsync(Socket client, string head)
    {
        var url = new Uri(head.Split(' ')[1]);
        using var target = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await target.ConnectAsync(url.Host, url.Port);
        var lines = head.Split("\r\n").Where(l => !l.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)).Skip(1);
        await WriteAsync(target, $"{head.Split(' ')[0]} {url.PathAndQuery} HTTP/1.1\r\n{string.Join("\r\n", lines)}");
        var buffer = new byte[64 * 1024];
        var count = await target.ReceiveAsync(buffer);
        await client.SendAsync(buffer.AsMemory(0, count));
    }

    private static async Task TunnelAsync(Socket client, string authority)
    {
        using var target = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await target.ConnectAsync(authority[..authority.LastIndexOf(':')].Trim('[', ']'), int.Parse(authority[(authority.LastIndexOf(':') + 1)..], null));
        await WriteAsync(client, "HTTP/1.1 200 Connection established\r\nVia: small\r\n\r\n");
        await Task.WhenAny(CopyAsync(client, target), CopyAsync(target, client));
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
            await to.SendAsync(buffer.AsMemory(0, count));
    }

    private static async Task<string?> ReadHeadAsync(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        for (var length = 0; ;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (count == 0)
                return null;
            length += count;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
                return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    private static async Task WriteAsync(Socket socket, string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text));
}
