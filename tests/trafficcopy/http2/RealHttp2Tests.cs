using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>nginx and curl over HTTP/2, in the clear and over TLS, captured by tcpdump.</summary>
public sealed class RealHttp2Tests : IDisposable
{
    private static readonly string[] Paths = [.. Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? "/big?n=" + i : "/small?n=" + i)];

    private readonly TrafficRoom _room = new(
        """
        server { listen 8080 http2; root www; client_max_body_size 10m; location = /small { return 200 "small\n"; } location = /take { proxy_pass http://127.0.0.1:80/small; } }
        server { listen 443 ssl http2; root www; ssl_certificate cert.pem; ssl_certificate_key key.pem; location = /small { return 200 "small\n"; } }
        """,
        RealTlsTests.TlsRoom.MakeCertificate);

    [Fact]
    public void Requests_side_by_side_over_one_connection_are_told_apart()
    {
        // Over TLS, since curl's HTTP/2 without TLS breaks down with a second request on a connection.
        var run = Record("many", "--http2 -k --parallel --parallel-max 10", Paths.Select(p => "https://127.0.0.1:443" + p));

        Assert.Equal(Paths.Select(p => $"GET {p} 200 {(p.StartsWith("/big", StringComparison.Ordinal) ? 1_048_576 : 6)}").Order(), run.Lines.Order());
        Assert.Single(run.Exchanges.Select(e => e.Connection).Distinct());
        Assert.Equal(Enumerable.Range(0, 30), run.Exchanges.Select(e => e.Order).Order());
        Assert.All(run.Exchanges, e => Assert.Equal((TrafficProtocol.Http2, ExchangeMarks.None), (e.Protocol, e.Marks & ~(ExchangeMarks.Last | ExchangeMarks.Decrypted))));
        var big = File.ReadAllBytes(_room.PathOf("www/big"));
        Assert.All(run.Exchanges.Where(e => e.Response.BodyLength > 6), e => Assert.True(e.Response.Body.Span.SequenceEqual(big)));
        Assert.All(run.Exchanges, e => Assert.False(new HttpHead(e.Request.Head.Span).Host.IsEmpty));
        Assert.Equal(0, run.Accounts[Happening.Http2Undecodable]);
    }

    [Fact]
    public void What_is_sent_along_is_read_too()
    {
        var body = string.Concat(Enumerable.Range(0, 20_000).Select(i => (char)('a' + (i % 26))));
        File.WriteAllText(_room.PathOf("upload"), body);

        var run = Record("upload", "--http2-prior-knowledge", ["http://127.0.0.1:8080/take"], "--data-binary", "@" + _room.PathOf("upload"), "-H", "Cookie: a=1; b=2");

        var exchange = Assert.Single(run.Exchanges);
        Assert.Equal(body, Encoding.ASCII.GetString(exchange.Request.Body.Span));
        Assert.Equal("a=1; b=2", Encoding.ASCII.GetString(new HttpHead(exchange.Request.Head.Span).Find("cookie"u8)));
    }

    public void Dispose() => _room.Dispose();

    private DecryptedRun Record(string name, string options, IEnumerable<string> urls, params string[] more)
    {
        var keyLog = _room.PathOf(name + ".keys");
        string[] targets = [.. urls.SelectMany(u => new[] { u, "-o", "/dev/null" })];
        var capture = _room.Capture([(name, "-i lo tcp port 8080 or tcp port 443")], () => _room.Do("env",
            ["SSLKEYLOGFILE=" + keyLog, "curl", "-sS", "-m", "60", .. options.Split(' '), .. more, .. targets]));
        return DecryptedRun.Of(capture[0], File.Exists(keyLog) ? keyLog : null);
    }
}
