using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>An https server on loopback that tells what it saw of TLS and can be particular about it.</summary>
internal sealed class TlsPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Any, 0);
    private readonly SslProtocols _protocol;
    private int _requests;

    public TlsPeer(X509Certificate2? certificate = null, SslProtocols protocol = SslProtocols.None)
    {
        (Certificate, _protocol) = (certificate ?? TestCertificate.SelfSigned(), protocol);
        _listener.Start(1024);
        _ = AcceptAsync();
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Thumbprint of the only client certificate let in; null: none is asked for.</summary>
    public string? Expected { get; init; }

    public string Response { get; init; } = RawServer.Ok;

    public bool ThenCloses { get; init; }

    public bool SaysGoodbye { get; init; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url => new($"https://localhost:{Port}/");

    public int Requests => _requests;

    public string? LastName { get; private set; }

    public SslApplicationProtocol LastProtocol { get; private set; }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Certificate.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(Options());
            (LastName, LastProtocol) = (tls.TargetHostName, tls.NegotiatedApplicationProtocol);
            using var reader = new StreamReader(tls, Encoding.ASCII);
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.Length > 0)
                    continue;
                Interlocked.Increment(ref _requests);
                await tls.WriteAsync(Encoding.ASCII.GetBytes(Response));
                if (SaysGoodbye)
                    await tls.ShutdownAsync();
                if (ThenCloses)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // The client does not trust us, or we not it, or it has closed.
        }
    }

    private SslServerAuthenticationOptions Options() => new()
    {
        ServerCertificate = Certificate,
        EnabledSslProtocols = _protocol,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        ClientCertificateRequired = Expected is not null,
        // A session without the certificate's check would let in whoever resumes it.
        AllowTlsResume = Expected is null,
        RemoteCertificateValidationCallback = Expected is null ? null : (_, certificate, _, _) => certificate?.GetCertHashString() == Expected,
    };
}
