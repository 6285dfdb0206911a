using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using System.Text;
using Pressure.Record;

namespace Pressure.Web.Access;

/// <summary>
/// The service's own authority: makes the certificate that agents see. ECDSA P-256 throughout.
/// <code>
/// ca.key, ca.crt          made on the first start, good for twenty years
/// server.key, server.crt  signed by it; the certificate is made anew when it ages or names change, the key stays, so pins hold
/// </code>
/// </summary>
internal sealed class CertificateAuthority(string folder, TimeProvider time)
{
    private static readonly TimeSpan LifeOfAuthority = TimeSpan.FromDays(20 * 365);
    private static readonly TimeSpan LifeOfServer = TimeSpan.FromDays(365);

    /// <summary>How long before its end a certificate is replaced.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromDays(120);

    /// <summary>Clocks of agents may be behind.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    /// <summary>The certificate to serve with now, made or made anew if it must be.</summary>
    /// <exception cref="IOException">A file can't be read, understood or written.</exception>
    public ServerIdentity Serve(IReadOnlyCollection<string> names)
    {
        try
        {
            using var authorityKey = KeyOf("ca.key");
            using var authority = Authority(authorityKey);
            using var key = KeyOf("server.key");
            using var bare = Server(authority, key, names);
            return ServerIdentity.Of(bare.CopyWithPrivateKey(key), [], authority.ExportCertificatePem());
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            throw new IOException($"The certificates for agents in {folder} can't be used: {e.Message} Restore the files, or remove the folder; then every agent must be enrolled anew.", e);
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private void Write(string name, string pem) => WholeFile.WriteSecret(PathOf(name), Encoding.ASCII.GetBytes(pem));

    private X509Certificate2 Authority(ECDsa key)
    {
        if (Stored("ca.crt") is { } stored)
            return Holds(stored, key) ? stored.CopyWithPrivateKey(key) : throw new CryptographicException("ca.crt does not belong to ca.key.");
        var request = new CertificateRequest("CN=Pressure agents", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        var made = request.CreateSelfSigned(now - Slack, now + LifeOfAuthority);
        Write("ca.crt", made.ExportCertificatePem());
        return made;
    }

    private X509Certificate2 Server(X509Certificate2 authority, ECDsa key, IReadOnlyCollection<string> names)
    {
        var now = time.GetUtcNow();
        if (Stored("server.crt") is { } stored)
        {
            if (Holds(stored, key) && stored.Issuer == authority.Subject && stored.NotBefore.ToUniversalTime() <= now
                && stored.NotAfter.ToUniversalTime() > now + Margin && CertificateNames.Of(stored).SetEquals(names))
                return stored;
            stored.Dispose();
        }
        var request = new CertificateRequest("CN=Pressure", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        request.CertificateExtensions.Add(CertificateNames.Extension(names));
        var end = now + LifeOfServer;
        var authorityEnd = new DateTimeOffset(authority.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        var made = request.Create(authority, now - Slack / 2, end < authorityEnd ? end : authorityEnd, RandomNumberGenerator.GetBytes(16));
        Write("server.crt", made.ExportCertificatePem());
        return made;
    }

    private ECDsa KeyOf(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(PathOf(name)))
            key.ImportFromPem(File.ReadAllText(PathOf(name)));
        else
            Write(name, key.ExportPkcs8PrivateKeyPem());
        return key;
    }

    private X509Certificate2? Stored(string name) =>
        File.Exists(PathOf(name)) ? X509Certificate2.CreateFromPem(File.ReadAllText(PathOf(name))) : null;

    private static bool Holds(X509Certificate2 certificate, ECDsa key) =>
        certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());
}
