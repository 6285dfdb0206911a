using System.Net;
using System.Net.Sockets;

namespace Pressure.Cluster;

/// <summary>Answers every request over loopback with 200, knowing of HTTP only that a request without a body ends with an empty line.</summary>
internal sealed class OkServer : IAsyncDisposable
{
    private const int BufferBytes = 4096;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;

    private OkServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(backlog: 512);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    private static ReadOnlyMemory<byte> Answer { get; } = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();

    private static ReadOnlySpan<byte> EmptyLine => "\r\n\r\n"u8;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">There is no free port.</exception>
    public static OkServer Start()
    {
        try
        {
            return new();
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptAsync(_over.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is over.
        }
        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await ServeAsync(client, new byte[BufferBytes]);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client is gone, or it is over.
            }
        }
    }

    private async Task ServeAsync(Socket client, byte[] buffer)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            var count = await client.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, _over.Token);
            if (count == 0)
                return;
            filled += count;
            for (int end; (end = buffer.AsSpan(0, filled).IndexOf(EmptyLine)) >= 0;)
            {
                end += EmptyLine.Length;
                buffer.AsSpan(end, filled - end).CopyTo(buffer);
                filled -= end;
                await client.SendAsync(Answer, SocketFlags.None, _over.Token);
            }
        }
    }
}
