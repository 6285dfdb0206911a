using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Pressure.LoadGen.Engine;

/// <summary>TLS of SocketsHttpHandler as the plan has it: the same as <see cref="TlsContext"/> does for the event loop.</summary>
internal static class HandlerTls
{
    /// <summary>Reads the certificates that the options name.</summary>
    public static SslClientAuthenticationOptions Of(HttpOptions options)
    {
        var tls = new SslClientAuthenticationOptions
        {
#pragma warning disable CA5359 // Only where the plan says insecure: true, for targets with certificates of their own.
            RemoteCertificateValidationCallback = options.Insecure ? (_, _, _, _) => true : null,
#pragma warning restore CA5359
        };
        if (options.Authorities is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
        }

        if (options.Certificate is { } certificate)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificate);
            using var own = X509Certificate2.CreateFromPemFile(certificate, options.Key);
            // SslStream takes no key that lives in memory only on every system: once through PKCS #12 it does.
            var kept = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pfx), null);
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(kept, chain, offline: true);
        }

        return tls;
    }
}
