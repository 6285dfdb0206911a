using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests.Bus;

/// <summary>An authority that nobody knows, and files of what it has signed.</summary>
public sealed class BrokerCertificates : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private byte _serial;

    public BrokerCertificates()
    {
        var request = new CertificateRequest("CN=an authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(10));
        Authority = Write("authority.pem", _root.ExportCertificatePem());
    }

    /// <summary>File with the authority.</summary>
    public string Authority { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Files with a certificate for names, and its key.</summary>
    public (string Certificate, string Key) Sign(string file, bool withLoopback, params IEnumerable<string> names)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={file}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        if (withLoopback)
            alternatives.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.Create(_root.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Now.AddHours(-20), Now.AddDays(5), [1, 2, 3, ++_serial]);
        return (Write(file + ".pem", certificate.ExportCertificatePem()), Write(file + ".key", key.ExportPkcs8PrivateKeyPem()));
    }

    public string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }
}
