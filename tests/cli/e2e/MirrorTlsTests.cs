using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Clients that come to a mirror over TLS, and certificates that can't be used.</summary>
public sealed class MirrorTlsTests : IAsyncDisposable
{
    private readonly ReplayTarget _production = new();
    private readonly ReplayTarget _target = new();
    private readonly PressureProgram _program = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        await _production.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Clients_come_over_TLS_and_production_and_target_are_told_so()
    {
        var authority = Certificate("authority", null);
        using var leaf = Certificate("leaf", authority);
        File.WriteAllText(At("both.pem"), leaf.ExportCertificatePem() + "\n" + authority.ExportCertificatePem());
        using var mirror = await MirrorProgram.StartAsync(_program.Folder, "--to", _production.Url.ToString(), "--copy", _target.Url.ToString(), "--tls-cert", "both.pem", "--tls-key", "leaf.key");
        var shown = 0;
        using var client = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, chain, _) =>
            {
                // The leaf and what leads from it to its authority.
                shown = certificate!.Thumbprint == leaf.Thumbprint ? chain!.ChainPolicy.ExtraStore.Count : -1;
                return true;
            },
        });

        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{mirror.Authority}/item/1");
        request.Headers.Add("X-Forwarded-Proto", "http");
        (await client.SendAsync(request, Stop)).Dispose();
        while (_target.Seen.IsEmpty)
            await Task.Delay(20, Stop);
        var ended = await mirror.InterruptAsync();

        Assert.Contains($"https://{mirror.Authority} leads to", ended.Output, StringComparison.Ordinal);
        Assert.True(shown >= 1, $"{shown} certificates beside the leaf");
        Assert.Equal(("https", "https"), (_production.Seen.Single().Fields["X-Forwarded-Proto"], _target.Seen.Single().Fields["X-Forwarded-Proto"]));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("--tls-cert: There is no file none.pem", "none.pem", "good.key")]
    [InlineData("--tls-key: There is no file none.key", "good.pem", "none.key")]
    [InlineData("--tls-cert: good.key holds no certificate in PEM", "good.key", "good.key")]
    [InlineData("--tls-key: good.pem holds no private key in PEM", "good.pem", "good.pem")]
    [InlineData("--tls-key: other.key is not the key of the certificate in good.pem", "good.pem", "other.key")]
    [InlineData("--tls-key: The key in locked.key is encrypted", "good.pem", "locked.key")]
    [InlineData("--tls-cert: The certificate in ended.pem ended on ", "ended.pem", "ended.key")]
    [InlineData("--tls-cert: The certificate in early.pem begins on ", "early.pem", "early.key")]
    [InlineData("--tls-cert: here is a folder", "here", "good.key")]
    [InlineData("--tls-key: There is a certificate and no key", "good.pem", null)]
    [InlineData("--tls-cert: There is a key and no certificate", null, "good.key")]
    public async Task Files_that_can_not_be_used_are_told_with_what_to_do(string said, string? certificate, string? key)
    {
        Certificate("good", null).Dispose();
        Certificate("other", null).Dispose();
        Certificate("ended", null, fromDays: -9, toDays: -1).Dispose();
        Certificate("early", null, fromDays: 1, toDays: 9).Dispose();
        using (var locked = RSA.Create())
        {
            locked.ImportFromPem(File.ReadAllText(At("good.key")));
            File.WriteAllText(At("locked.key"), locked.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        }
        Directory.CreateDirectory(At("here"));

        var ended = await _program.Start(["mirror", "--listen", "127.0.0.1:0", "--to", _production.Url.ToString(), "--copy", _target.Url.ToString(), .. Option("--tls-cert", certificate), .. Option("--tls-key", key)]).EndAsync();

        Assert.True(ended.ExitCode == 2, ended.Output + ended.Error);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.Contains("1 problem; nothing was started.", ended.Error, StringComparison.Ordinal);
    }

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];

    private string At(string name) => Path.Combine(_program.Folder, name);

    /// <summary>Writes NAME.pem and NAME.key; signed by itself or by an authority.</summary>
    private X509Certificate2 Certificate(string name, X509Certificate2? authority, int fromDays = -1, int toDays = 9)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority is null, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        X509Certificate2 made;
        if (authority is null)
        {
            made = request.CreateSelfSigned(now.AddDays(fromDays), now.AddDays(toDays));
        }
        else
        {
            using var signed = request.Create(authority, authority.NotBefore, authority.NotAfter, [1]);
            made = signed.CopyWithPrivateKey(key);
        }
        File.WriteAllText(At($"{name}.pem"), made.ExportCertificatePem());
        File.WriteAllText(At($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return made;
    }
}
