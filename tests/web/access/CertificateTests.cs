using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pressure.TestKit;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Access;

public sealed class CertificateTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly FakeTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_certificate_is_made_anew_before_it_ends_and_the_pin_holds()
    {
        var first = Serve();
        _time.Advance(TimeSpan.FromDays(200));
        Assert.Equal(first.EndsAt, Serve().EndsAt);
        _time.Advance(TimeSpan.FromDays(100));
        var renewed = Serve();
        Assert.True(renewed.EndsAt > first.EndsAt);
        Assert.Equal((first.Pin, first.AuthorityPem), (renewed.Pin, renewed.AuthorityPem));
    }

    [Fact]
    public void The_certificate_vouches_for_the_names_that_are_asked_for()
    {
        Serve("localhost");
        using var certificate = new X509Certificate2(Serve("centre.example", "10.1.2.3").Certificate.TargetCertificate);
        Assert.Equal(["10.1.2.3", "centre.example"], CertificateNames.Of(certificate).Order());
        Assert.True(certificate.MatchesHostname("10.1.2.3"));
        Assert.False(certificate.MatchesHostname("localhost"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Keys_are_for_this_user_only()
    {
        Serve();
        Assert.Equal(["ca.crt", "ca.key", "server.crt", "server.key"], Directory.EnumerateFiles(_temp.Path).Select(Path.GetFileName).Order());
        Assert.All(Directory.EnumerateFiles(_temp.Path), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact]
    public void A_damaged_key_is_a_clear_error()
    {
        Serve();
        File.WriteAllText(_temp.File("ca.key"), "-----BEGIN nonsense");
        Assert.Contains(_temp.Path, Assert.Throws<IOException>(() => Serve()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_shows_holds_against_its_authority_and_pin()
    {
        await using var server = await AccessServer.StartAsync(new AccessOptions("https://127.0.0.1:0"), _temp.File("access"), TimeProvider.System);
        using var shown = await ShownAsync(server.Port);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(server.AuthorityPem));
        Assert.True(chain.Build(shown), string.Join(", ", chain.ChainStatus.Select(s => s.StatusInformation)));
        Assert.Equal(server.Pin, System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(shown.PublicKey.ExportSubjectPublicKeyInfo())));
        Assert.True(shown.MatchesHostname("localhost"));
    }

    [Fact]
    public async Task A_given_certificate_is_shown_instead()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=given.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var given = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        var file = _temp.File("given.pem");
        await File.WriteAllTextAsync(file, given.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(), Stop);
        await using var server = await AccessServer.StartAsync(new AccessOptions("https://127.0.0.1:0") { CertificateFile = file }, _temp.File("access"), TimeProvider.System);
        using var shown = await ShownAsync(server.Port);
        Assert.Equal(given.Thumbprint, shown.Thumbprint);
    }

    [Fact]
    public async Task A_file_that_is_no_certificate_is_a_clear_error()
    {
        var file = _temp.File("none.pem");
        await File.WriteAllTextAsync(file, "none", Stop);
        var error = await Assert.ThrowsAsync<IOException>(() => AccessServer.StartAsync(new AccessOptions("https://127.0.0.1:0") { CertificateFile = file }, _temp.File("access"), TimeProvider.System));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    private ServerIdentity Serve(params string[] names) => new CertificateAuthority(_temp.Path, _time).Serve(names.Length > 0 ? names : ["localhost"]);

    private static async Task<X509Certificate2> ShownAsync(int port)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port, Stop);
#pragma warning disable CA5359 // It is looked at afterwards.
        await using var tls = new SslStream(tcp.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Stop);
        return new X509Certificate2(tls.RemoteCertificate!);
    }
}
