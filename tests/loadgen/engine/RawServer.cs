using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>A server on loopback that does with each connection exactly what a test says.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly Socket _listener;
    private readonly Func<RawConnection, Task> _serve;
    private readonly X509Certificate2? _certificate;
    private readonly SslProtocols _protocol;
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Socket> _open = [];
    private readonly Lock _gate = new();
    private int _requests;
    private int _connections;

    public RawServer(Func<RawConnection, Task> serve, int port = 0, bool tls = false, SslProtocols protocol = SslProtocols.None)
    {
        _protocol = protocol;
        _certificate = tls ? TestCertificate.SelfSigned() : null;
        _serve = serve;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(1024);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public Uri Url => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}/");

    /// <summary>Request heads read in full.</summary>
    public int Requests => _requests;

    /// <summary>Connections accepted.</summary>
    public int Connections => _connections;

    /// <summary>Answers every request with the same bytes and keeps the connection.</summary>
    public static RawServer Answering(string response = Ok, int port = 0, bool tls = false) => new(
        async c =>
        {
            while (await c.ReadRequestAsync() is not null)
                await c.WriteAsync(response);
        },
        port,
        tls);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        lock (_gate)
            _open.ForEach(s => s.Dispose());
        _certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_closing.Token);
                socket.NoDelay = true;
                lock (_gate)
                    _open.Add(socket);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = await OpenAsync(socket);
            await _serve(new RawConnection(socket, stream, () => Interlocked.Increment(ref _requests), _closing.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
        {
            // The generator or the test has closed it.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private async Task<Stream> OpenAsync(Socket socket)
    {
        var plain = new NetworkStream(socket);
        if (_certificate is null)
            return plain;
        var tls = new SslStream(plain);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = _protocol, AllowRenegotiation = true }, _closing.Token);
        return tls;
    }
}

/// <summary>One connection at the server's side.</summary>
internal sealed class RawConnection(Socket socket, Stream stream, Action onRequest, CancellationToken closing)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;

    public CancellationToken Closing => closing;

    /// <summary>Where the generator's connection comes from.</summary>
    public IPAddress From { get; } = ((IPEndPoint)socket.RemoteEndPoint!).Address;

    /// <summary>The next request's head; null when the peer has closed. A body by Content-Length is read over.</summary>
    public async Task<string?> ReadRequestAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var head = Encoding.UTF8.GetString(_buffer, 0, end + 2);
                var body = ContentLength(head);
                while (_length < end + 4 + body)
                    await FillAsync();
                _length -= end + 4 + body;
                _buffer.AsSpan(end + 4 + body, _length).CopyTo(_buffer);
                onRequest();
                return head;
            }

            if (!await FillAsync())
                return null;
        }
    }

    /// <summary>The next bytes; fails when the peer closes before.</summary>
    public async Task<byte[]> ReadBytesAsync(int count)
    {
        while (_length < count)
        {
            if (!await FillAsync())
                throw new IOException("Closed.");
        }

        var bytes = _buffer[..count];
        _length -= count;
        _buffer.AsSpan(count, _length).CopyTo(_buffer);
        return bytes;
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes, closing);

    /// <summary>Says that nothing more will come: over TLS with close_notify, else by the close alone.</summary>
    public Task EndAsync() => stream is SslStream tls ? tls.ShutdownAsync() : Task.CompletedTask;

    /// <summary>Closes this direction alone, without a goodbye of TLS.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Writes past TLS, right onto the wire.</summary>
    public async Task WriteRawAsync(ReadOnlyMemory<byte> bytes) => await socket.SendAsync(bytes, closing);

    /// <summary>Asks the client for a new handshake, which TLS 1.2 knows.</summary>
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public Task RenegotiateAsync() => ((SslStream)stream).NegotiateClientCertificateAsync(closing);

    public void Reset() => socket.LingerState = new LingerOption(true, 0);

    public Task DelayAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), closing);

    private async Task<bool> FillAsync()
    {
        var count = await stream.ReadAsync(_buffer.AsMemory(_length), closing);
        _length += count;
        return count > 0;
    }

    private static int ContentLength(string head)
    {
        const string Name = "\r\nContent-Length: ";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : int.Parse(head.AsSpan(at + Name.Length, head.IndexOf('\r', at + Name.Length) - at - Name.Length));
    }
}
