using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pressure.Agent;

namespace Pressure.Web.Access;

/// <summary>What the service shows to agents.</summary>
/// <param name="Certificate">With its private key and the chain that is sent along.</param>
/// <param name="AuthorityPem">The authority that agents trust from their enrolment on; with a given certificate the last one of its chain.</param>
/// <param name="Pin">Its key, known before any trust: it comes with the enrolment token.</param>
/// <param name="EndsAt">When the certificate ends.</param>
internal sealed record ServerIdentity(SslStreamCertificateContext Certificate, string AuthorityPem, KeyPin Pin, DateTimeOffset EndsAt)
{
    public static ServerIdentity Of(X509Certificate2 certificate, X509Certificate2Collection chain, string authorityPem) => new(
        SslStreamCertificateContext.Create(certificate, chain, offline: true),
        authorityPem,
        KeyPin.Of(certificate),
        new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero));

    /// <summary>Reads a certificate that somebody else has signed: PEM with certificate, chain and key in one file.</summary>
    /// <exception cref="IOException">The file can't be read or is no such thing.</exception>
    public static ServerIdentity FromFile(string path)
    {
        try
        {
            var pem = File.ReadAllText(path);
            var certificate = X509Certificate2.CreateFromPem(pem, pem);
            var all = new X509Certificate2Collection();
            all.ImportFromPem(pem);
            var chain = new X509Certificate2Collection(all.Where(c => !c.Equals(certificate)).ToArray());
            return Of(certificate, chain, (chain.Count > 0 ? chain[^1] : certificate).ExportCertificatePem());
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The certificate for agents in {path} can't be used: {e.Message} It takes one PEM file with certificate, chain and unencrypted key.", e);
        }
    }
}
