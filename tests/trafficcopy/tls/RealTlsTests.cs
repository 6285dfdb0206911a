using System.Security.Cryptography;

namespace Pressure.TrafficCopy.Tests;

/// <summary>nginx and curl over TLS, captured by tcpdump, with the key log that curl's library writes.</summary>
public sealed class RealTlsTests : IClassFixture<RealTlsTests.TlsRoom>
{
    private readonly TlsRoom _room;

    public RealTlsTests(TlsRoom room) => _room = room;

    [Theory]
    [InlineData("13-aes128", "--tls13-ciphers TLS_AES_128_GCM_SHA256")]
    [InlineData("13-aes256", "--tls13-ciphers TLS_AES_256_GCM_SHA384")]
    [InlineData("13-chacha", "--tls13-ciphers TLS_CHACHA20_POLY1305_SHA256")]
    [InlineData("13-retry", "--curves P-521:X25519")]
    [InlineData("12-gcm128", "--tls-max 1.2 --ciphers ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("12-gcm256", "--tls-max 1.2 --ciphers ECDHE-RSA-AES256-GCM-SHA384")]
    [InlineData("12-chacha", "--tls-max 1.2 --ciphers ECDHE-RSA-CHACHA20-POLY1305")]
    [InlineData("12-rsa", "--tls-max 1.2 --ciphers AES128-GCM-SHA256")]
    [InlineData("12-ccm", "--tls-max 1.2 --ciphers AES256-CCM")]
    [InlineData("12-cbc", "--tls-max 1.2 --ciphers AES128-SHA")]
    [InlineData("12-cbc256", "--tls-max 1.2 --ciphers AES256-SHA256")]
    [InlineData("12-cbc384", "--tls-max 1.2 --ciphers ECDHE-RSA-AES256-SHA384")]
    public void What_was_asked_and_answered_over_TLS_is_read_with_the_key_log(string name, string options)
    {
        var (capture, keyLog) = _room.Record(name, options);

        var run = DecryptedRun.Of(capture, keyLog);

        Assert.Equal(["GET /small 200 6", "GET /big 200 1048576", "POST /small 200 6"], run.Lines);
        Assert.All(run.Exchanges, e => Assert.Equal(ExchangeMarks.Decrypted, e.Marks & ~ExchangeMarks.Last));
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(_room.Big)), SHA256.HashData(run.Exchanges[1].Response.Body.Span));
        Assert.Equal("a=1&b=2", System.Text.Encoding.ASCII.GetString(run.Exchanges[2].Request.Body.Span));
        Assert.Equal(1, run.Accounts[Happening.TlsDecrypted]);
        Assert.Equal(0, run.Accounts[Happening.TlsUndecryptable]);
        Assert.True(run.Accounts.IsBalanced);
    }

    [Fact]
    public void Secrets_inside_of_a_pcapng_file_are_used()
    {
        var (capture, keyLog) = _room.Record("inside", "");
        var injected = _room.Traffic.PathOf("injected.pcapng");
        TrafficRoom.Run("editcap", "--inject-secrets", "tls," + keyLog, capture, injected);

        var run = DecryptedRun.Of(injected, keyLog: null);

        Assert.Equal(3, run.Exchanges.Count);
    }

    [Fact]
    public void Without_keys_a_connection_is_counted_and_its_bytes_are()
    {
        var (capture, _) = _room.Record("keyless", "");

        var run = DecryptedRun.Of(capture, keyLog: null);

        Assert.Empty(run.Exchanges);
        Assert.Equal((1, 0), (run.Accounts[Happening.TlsWithoutKeys], run.Accounts[Happening.TlsDecrypted]));
        Assert.InRange(run.Accounts[Happening.PassedOverBytes], 1_048_576, 1_200_000);
    }

    [Theory]
    [InlineData("other", "")]
    [InlineData("other-12", "--tls-max 1.2")]
    [InlineData("other-cbc", "--tls-max 1.2 --ciphers AES128-SHA")]
    [InlineData("other-cbc256", "--tls-max 1.2 --ciphers AES256-SHA256")]
    public void With_another_connection_s_keys_it_is_counted_as_not_to_be_decrypted(string name, string options)
    {
        var (capture, keyLog) = _room.Record(name, options);
        var wrong = _room.Traffic.PathOf("wrong.log");
        File.WriteAllLines(wrong, File.ReadLines(keyLog).Select(l => l.StartsWith('#') ? l : l[..^2] + (l.EndsWith("00", StringComparison.Ordinal) ? "01" : "00")));

        var run = DecryptedRun.Of(capture, wrong);

        Assert.Empty(run.Exchanges);
        Assert.Equal(1, run.Accounts[Happening.TlsUndecryptable]);
    }

    [Fact]
    public void Whatever_stands_in_the_capture_reading_it_comes_to_an_end()
    {
        var (capture, keyLog) = _room.Record("wild", "--tls-max 1.2");
        var whole = File.ReadAllBytes(capture);
        var random = new Random(7);
        for (var n = 0; n < 40; n++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = 0; change < 1 + (n % 5); change++)
                bytes[random.Next(24, Math.Min(bytes.Length, n % 2 == 0 ? 6_000 : bytes.Length))] = (byte)random.Next(256);
            var file = _room.Traffic.PathOf("mutated.pcap");
            File.WriteAllBytes(file, bytes);

            var run = DecryptedRun.Of(file, keyLog);

            Assert.True(run.Accounts.IsBalanced);
            Assert.InRange(run.Exchanges.Count, 0, 4);
        }
    }

    /// <summary>nginx with a certificate of its own.</summary>
    public sealed class TlsRoom : IDisposable
    {
        public TrafficRoom Traffic { get; } = new(
            """
            server { listen 443 ssl; root www; ssl_certificate cert.pem; ssl_certificate_key key.pem; ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0;
              ssl_ecdh_curve X25519:P-256; location = /small { return 200 "small\n"; } }
            """,
            MakeCertificate);

        public string Big => Traffic.PathOf("www/big");

        /// <summary>Three requests over one connection; the capture, and the key log.</summary>
        public (string Capture, string KeyLog) Record(string name, string options)
        {
            var keyLog = Traffic.PathOf(name + ".keys");
            string[] each = ["-sS", "-k", "--http1.1", "-m", "30", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            var capture = Traffic.Capture([(name, "-i lo tcp port 443")], () => Traffic.Do("env",
            [
                "SSLKEYLOGFILE=" + keyLog, "curl", .. each, "https://127.0.0.1/small", "-o", "/dev/null",
                "--next", .. each, "https://127.0.0.1/big", "-o", "/dev/null",
                "--next", .. each, "-d", "a=1&b=2", "https://127.0.0.1/small", "-o", "/dev/null",
            ]));
            return (capture[0], keyLog);
        }

        public void Dispose() => Traffic.Dispose();

        public static void MakeCertificate(TempFolder folder)
        {
            using var key = RSA.Create(2048);
            var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var from = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var certificate = request.CreateSelfSigned(from, from.AddYears(100));
            File.WriteAllText(folder.File("cert.pem"), certificate.ExportCertificatePem());
            File.WriteAllText(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        }
    }
}
