using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Certificates that nobody trusts of themselves.</summary>
internal static class TestCertificate
{
    /// <summary>Self-signed for localhost and 127.0.0.1, valid from yesterday to <paramref name="daysLeft"/> days from now.</summary>
    public static X509Certificate2 SelfSigned(double daysLeft = 1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-10), now.AddDays(daysLeft));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
