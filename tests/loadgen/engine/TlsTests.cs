using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>What TLS adds to HTTP/1.1 on the event loop. What must hold with and without it stands in the tests over <see cref="OverBoth"/>.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_tls_failed_unless_the_plan_says_insecure()
    {
        await using var server = new TlsPeer();

        Assert.Equal([(RequestError.TlsFailed, 20L)], (await RunAsync(server, new HttpOptions())).Only.Errors());
        Assert.Equal(20, (await RunAsync(server, EngineRun.Insecure)).Only.Ok);
    }

    [Fact]
    public async Task The_authority_of_the_plan_is_trusted_for_its_names_and_addresses()
    {
        await using var server = new TlsPeer();
        var options = new HttpOptions { Authorities = Save("ca.pem", server.Certificate) };

        Assert.Equal(20, (await RunAsync(server, options)).Only.Ok);
        Assert.Equal(20, (await RunAsync(server, options, "127.0.0.1")).Only.Ok);
        Assert.Equal(20, (await RunAsync(server, options with { Version = new(1, 1) }, overHandler: true)).Only.Ok);
        Assert.Equal([(RequestError.TlsFailed, 20L)], (await RunAsync(server, options, "127.0.0.2")).Only.Errors());
    }

    [Fact]
    public async Task An_expired_certificate_is_tls_failed_even_from_a_trusted_authority()
    {
        await using var server = new TlsPeer(TestCertificate.SelfSigned(daysLeft: -1));

        var run = await RunAsync(server, new HttpOptions { Authorities = Save("ca.pem", server.Certificate) });

        Assert.Equal([(RequestError.TlsFailed, 20L)], run.Only.Errors());
    }

    [Fact]
    public async Task The_server_is_named_and_http_1_1_is_agreed_on()
    {
        await using var server = new TlsPeer();

        await RunAsync(server, EngineRun.Insecure);

        Assert.Equal("localhost", server.LastName);
        Assert.Equal(SslApplicationProtocol.Http11, server.LastProtocol);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_certificate_is_shown_to_a_server_that_asks_for_one(SslProtocols protocol)
    {
        using var own = TestCertificate.SelfSigned();
        var options = EngineRun.Insecure with { Certificate = Save("own.pem", own), Key = SaveKey("own.key", own) };
        await using var server = new TlsPeer(protocol: protocol) { Expected = own.Thumbprint };

        Assert.Equal(20, (await RunAsync(server, options)).Only.Ok);
        Assert.Equal(20, (await RunAsync(server, options, overHandler: true)).Only.Ok);
        // Without an alert, as this server does it, nothing tells why it closes.
        Assert.Equal([(RequestError.ClosedBeforeResponse, 20L)], (await RunAsync(server, EngineRun.Insecure)).Only.Errors());
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_body_until_close_is_complete_with_a_goodbye_and_truncated_without(SslProtocols protocol)
    {
        const string Head = "HTTP/1.1 200 OK\r\n\r\nall";
        await using var polite = new TlsPeer(protocol: protocol) { Response = Head, ThenCloses = true, SaysGoodbye = true };
        await using var rude = new TlsPeer(protocol: protocol) { Response = Head, ThenCloses = true };

        Assert.Equal(20, (await RunAsync(polite, EngineRun.Insecure)).Only.Ok);
        Assert.Equal([(RequestError.ResponseTruncated, 20L)], (await RunAsync(rude, EngineRun.Insecure)).Only.Errors());
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Nginx_sees_new_connections_go_on_from_earlier_sessions(SslProtocols protocol)
    {
        using var certificate = TestCertificate.SelfSigned();
        await using var nginx = new Nginx((Save("cert.pem", certificate), SaveKey("key.pem", certificate), protocol == SslProtocols.Tls12 ? "TLSv1.2" : "TLSv1.3"));
        await nginx.ReadyAsync();

        // One at a time: each handshake begins when the one before it has given what it needs to go on from.
        var run = await EngineRun.Of(EngineRun.Plan(50, 1, EngineRun.Get(nginx.Url)) with { Http = EngineRun.Insecure with { KeepAlive = false, MaxConnections = 1 } }, lanes: 1);

        Assert.Equal(50, run.Only.Ok);
        var lines = await nginx.QuitAndReadAsync();
        Assert.InRange(lines.Count(l => l.EndsWith(" r", StringComparison.Ordinal)), 30, 49);
    }

    [Fact]
    public async Task A_handshake_that_never_answers_is_connect_timeout()
    {
        await using var server = new RawServer(c => c.DelayAsync(30));
        var plan = EngineRun.Plan(20, 1, EngineRun.Get(new Uri($"https://127.0.0.1:{server.Port}/")));

        var run = await EngineRun.Of(plan with { Http = new HttpOptions { ConnectTimeout = TimeSpan.FromSeconds(0.3) } });

        Assert.Equal([(RequestError.ConnectTimeout, 20L)], run.Only.Errors());
    }

    [Fact]
    public async Task A_peer_that_does_not_speak_tls_is_tls_failed()
    {
        await using var server = new RawServer(c => c.WriteAsync(RawServer.Ok));

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(new Uri($"https://127.0.0.1:{server.Port}/"))));

        Assert.Equal([(RequestError.TlsFailed, 20L)], run.Only.Errors());
    }

    [Theory]
    [InlineData("handshake_failure", new byte[] { 0x15, 3, 3, 0, 2, 2, 40 })]
    [InlineData("internal_error", new byte[] { 0x15, 3, 3, 0, 2, 2, 80 })]
    [InlineData("close_notify", new byte[] { 0x15, 3, 3, 0, 2, 1, 0 })]
    [InlineData("an alert cut short", new byte[] { 0x15, 3, 3, 0, 2, 2 })]
    public async Task An_alert_in_place_of_the_servers_hello_is_tls_failed(string alert, byte[] bytes)
    {
        await using var server = new RawServer(async c =>
        {
            await c.WriteAsync(bytes);
            c.EndSending();
            await c.DelayAsync(0.2);
        });

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(new Uri($"https://127.0.0.1:{server.Port}/"))));

        Assert.True(run.Only.ErrorCount(RequestError.TlsFailed) == 20, $"{alert}: {string.Join(", ", run.Only.Errors())}");
        Assert.All(run.Seconds, s => Assert.Equal(s.Interval.InFlight, s.Interval.OpenConnections));
    }

    [Fact]
    public async Task A_reset_within_the_handshake_is_tls_failed()
    {
        await using var server = new RawServer(async c =>
        {
            await c.DelayAsync(0.05);
            c.Reset();
        });

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(new Uri($"https://127.0.0.1:{server.Port}/"))));

        Assert.Equal([(RequestError.TlsFailed, 20L)], run.Only.Errors());
    }

    [Theory]
    [InlineData("", RequestError.TlsFailed)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", RequestError.ResponseTruncated)]
    public async Task A_broken_record_is_tls_failed_before_the_response_and_truncated_within_it(string before, RequestError error)
    {
        await using var server = new RawServer(
            async c =>
            {
                await c.ReadRequestAsync();
                await c.WriteAsync(before);
                // Looks like application data, but nobody has the key to it.
                await c.WriteRawAsync(new byte[] { 0x17, 3, 3, 0, 32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32 });
                await c.DelayAsync(5);
            },
            tls: true);

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(server.Url)));

        Assert.Equal([(error, 20L)], run.Only.Errors());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_wants_to_renegotiate_is_refused_and_the_request_fails_at_once()
    {
        await using var server = new RawServer(
            async c =>
            {
                await c.ReadRequestAsync();
                if (OperatingSystem.IsLinux())
                    await c.RenegotiateAsync();
                await c.WriteAsync(RawServer.Ok);
            },
            tls: true,
            protocol: SslProtocols.Tls12);

        var run = await EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(server.Url)));

        Assert.Equal([(RequestError.TlsFailed, 20L)], run.Only.Errors());
    }

    private static Task<EngineRun> RunAsync(TlsPeer server, HttpOptions options, string host = "localhost", bool overHandler = false) =>
        EngineRun.Of(EngineRun.Plan(20, 1, EngineRun.Get(new Uri($"https://{host}:{server.Port}/"))) with { Http = options }, overHandler: overHandler);

    private string Save(string name, X509Certificate2 certificate)
    {
        File.WriteAllText(_folder.File(name), certificate.ExportCertificatePem());
        return _folder.File(name);
    }

    private string SaveKey(string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_folder.File(name), key.ExportPkcs8PrivateKeyPem());
        return _folder.File(name);
    }
}
