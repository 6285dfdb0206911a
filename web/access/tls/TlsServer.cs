using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pressure.Web.Access;

/// <summary>Makes connections secure with what the service shows now: by the system's OpenSSL, or by SslStream where that is missing. TLS 1.2 or later.</summary>
internal sealed class TlsServer(ServerIdentities identities)
{
    private readonly Lock _gate = new();
    private ServerIdentity? _identity;
    private nint _context;

    /// <summary>The server's side of the handshake.</summary>
    /// <exception cref="IOException">The client speaks no TLS that we do, or went away.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task<Stream> AcceptAsync(Socket socket, CancellationToken stop)
    {
        var identity = identities.Current;
        if (ContextOf(identity) is var context && context != 0)
            return await TlsStream.AcceptAsync(context, socket, stop);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = identity.Certificate,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                },
                stop);
            return tls;
        }
        catch (AuthenticationException e)
        {
            await tls.DisposeAsync();
            throw new IOException("The TLS handshake failed.", e);
        }
    }

    /// <summary>OpenSSL's context; 0 where there is none. That of a certificate that was replaced is kept, as its connections need it.</summary>
    private nint ContextOf(ServerIdentity identity)
    {
        lock (_gate)
        {
            if (_identity == identity)
                return _context;
            _identity = identity;
            _context = OpenSslServer.IsPresent ? NewContext(identity.Certificate) : 0;
            return _context;
        }
    }

    private static nint NewContext(SslStreamCertificateContext shown)
    {
        var certificate = shown.TargetCertificate;
        var chain = shown.IntermediateCertificates.Select(c => c.RawData);
        try
        {
            using var elliptic = certificate.GetECDsaPrivateKey();
            if (elliptic is not null)
                return OpenSslServer.NewContext(certificate.RawData, chain, elliptic.ExportECPrivateKey(), isElliptic: true);
            using var rsa = certificate.GetRSAPrivateKey();
            return rsa is null ? 0 : OpenSslServer.NewContext(certificate.RawData, chain, rsa.ExportRSAPrivateKey(), isElliptic: false);
        }
        catch (CryptographicException)
        {
            return 0; // A key that can't be taken out of where it lies: SslStream can use it there.
        }
    }
}
