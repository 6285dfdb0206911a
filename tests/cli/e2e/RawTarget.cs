using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Serves one connection: is called with the accepted socket and may do with it what it likes.</summary>
internal delegate Task Serve(Socket socket, CancellationToken stop);

/// <summary>A server on loopback that behaves as badly as it is told to.</summary>
internal sealed class RawTarget : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Serve _serve;
    private readonly Task _accepting;
    private int _served;

    private RawTarget(Serve serve, int backlog, bool accept, IPAddress? at = null)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(at ?? IPAddress.Loopback, 0));
        _listener.Listen(backlog);
        _accepting = accept ? AcceptAsync() : Task.CompletedTask;
    }

    public Uri Url => new($"http://{_listener.LocalEndPoint}/");

    /// <summary>Requests that <see cref="Answering"/> has read.</summary>
    public int Served => Volatile.Read(ref _served);

    public static RawTarget Start(Serve serve, IPAddress? at = null) => new(serve, backlog: 512, accept: true, at);

    /// <summary>Answers every request with 200.</summary>
    public static RawTarget Answering()
    {
        RawTarget target = null!;
        return target = Start((socket, stop) => target.AnswerAsync(new NetworkStream(socket), stop));
    }

    /// <summary>Answers /missing with 404 and everything else with 200.</summary>
    public static RawTarget ByPath() => Start(async (socket, stop) =>
    {
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (await reader.ReadLineAsync(stop) is { } first)
        {
            while (await reader.ReadLineAsync(stop) is { Length: > 0 })
            {
                // The headers.
            }
            var status = first.Contains("/missing", StringComparison.Ordinal) ? "404 Not Found" : "200 OK";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok"), stop);
        }
    });

    /// <summary>Answers every request with 200 over TLS, with a certificate that nobody has signed.</summary>
    public static RawTarget AnsweringOverTls()
    {
        RawTarget target = null!;
        var certificate = SelfSigned();
        return target = Start(async (socket, stop) =>
        {
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
            await target.AnswerAsync(tls, stop);
        });
    }

    /// <summary>Reads a request, says something that is no answer to it, and hangs up.</summary>
    public static RawTarget Saying(byte[] something) => Start(async (socket, stop) =>
    {
        await ReadRequestAsync(new NetworkStream(socket), stop);
        await socket.SendAsync(something, stop);
        socket.Shutdown(SocketShutdown.Both);
    });

    /// <summary>Takes every request and never answers.</summary>
    public static RawTarget Silent() => Start(async (socket, stop) =>
    {
        await ReadRequestAsync(new NetworkStream(socket), stop);
        await Task.Delay(Timeout.Infinite, stop);
    });

    /// <summary>Begins a response whose headers never end.</summary>
    public static RawTarget EndlessHeaders() => Start(async (socket, stop) =>
    {
        await ReadRequestAsync(new NetworkStream(socket), stop);
        await socket.SendAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stop);
        var header = Encoding.ASCII.GetBytes($"X-More: {new string('m', 1000)}\r\n");
        while (true)
            await socket.SendAsync(header, stop);
    });

    /// <summary>Lets no connection come about: its queue is full and it accepts none.</summary>
    public static async Task<RawTarget> DeafAsync()
    {
        var target = new RawTarget((_, _) => Task.CompletedTask, backlog: 0, accept: false);
        for (var i = 0; i < 3; i++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _ = filler.ConnectAsync(target._listener.LocalEndPoint!, target._stop.Token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            target._stop.Token.Register(filler.Dispose);
        }

        await Task.Delay(50, TestContext.Current.CancellationToken);
        return target;
    }

    /// <summary>Refuses new connections and cuts those that are open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await _serve(socket, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or AuthenticationException)
            {
                // The peer went away, or we stop.
            }
        }
    }

    private async Task AnswerAsync(Stream stream, CancellationToken stop)
    {
        while (await ReadRequestAsync(stream, stop))
        {
            Interlocked.Increment(ref _served);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), stop);
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var from = TimeProvider.System.GetUtcNow().AddDays(-1);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(from, from.AddDays(2));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Reads up to the end of the headers (these requests have no bodies and are not pipelined); false at the connection's end.</summary>
    private static async Task<bool> ReadRequestAsync(Stream stream, CancellationToken stop)
    {
        var buffer = new byte[8192];
        var length = 0;
        while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var count = await stream.ReadAsync(buffer.AsMemory(length), stop);
            if (count == 0)
                return false;
            length += count;
        }

        return true;
    }
}
