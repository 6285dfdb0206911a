using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

public sealed class RealHttpTests(WebTraffic traffic) : IClassFixture<WebTraffic>
{
    [Theory]
    [InlineData("clean.pcap")]
    [InlineData("clean-any.pcap")]
    [InlineData("lossy.pcap")]
    public void The_servers_log_has_the_same_requests_one_by_one(string name)
    {
        var run = CapturedRun.Of(traffic.Path(name));
        var log = name.StartsWith("lossy", StringComparison.Ordinal) ? traffic.LossyLog : traffic.CleanLog;
        var asked = run.Exchanges.Where(exchange => exchange.Server.Port != 8001).ToList();
        Assert.True(log.Count > 80);
        Assert.Equal(ByPort(log.Select(Parts)), ByPort(asked.Select(Parts)));
        Assert.All(asked, exchange => Assert.Equal(ExchangeMarks.None, exchange.Marks & ~ExchangeMarks.Last));
        Assert.Equal((0, 0), (run.Accounts[Happening.Gap], run.Accounts[Happening.SkippedBytes]));
        Assert.Equal((0, 0), (run.Accounts[Happening.ResponseWithoutRequest], run.Accounts[Happening.Unanswered]));
        Assert.True(run.Accounts.IsBalanced);
        if (name == "lossy.pcap")
            Assert.True(run.Accounts[PacketFate.Retransmitted] > 5);
    }

    [Theory]
    [InlineData("clean.pcap")]
    [InlineData("lossy.pcap")]
    public void Tshark_sees_the_same_requests_and_responses(string name)
    {
        var run = CapturedRun.Of(traffic.Path(name));
        var seen = Tshark(traffic.Path(name), "-Y", "http", "-T", "fields", "-E", "separator=|", "-e", "tcp.stream", "-e", "http.request.method", "-e", "http.request.uri", "-e", "http.response.code")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|')).ToList();
        var requests = seen.SelectMany(f => f[1].Split(',').Zip(f[2].Split(','), (method, uri) => $"{f[0]} {method} {uri}")).Where(line => !line.EndsWith("  ", StringComparison.Ordinal));
        var responses = seen.SelectMany(f => f[3].Split(',').Select(code => $"{f[0]} {code}")).Where(line => !line.EndsWith(" 100", StringComparison.Ordinal) && line[^1] != ' ');
        Assert.Equal(requests.Order(), SeenByTshark(run).Select(exchange => $"{exchange.Connection - 1} {Method(exchange)} {Target(exchange)}").Order());
        Assert.Equal(responses.Order(), SeenByTshark(run).Select(exchange => $"{exchange.Connection - 1} {Status(exchange)}").Order());
    }

    [Theory]
    [InlineData("clean.pcap")]
    [InlineData("lossy.pcap")]
    public void Tshark_sees_the_same_bodies(string name)
    {
        var run = CapturedRun.Of(traffic.Path(name));
        using var folder = new TempFolder();
        Tshark(traffic.Path(name), "-q", "--export-objects", "http," + folder.Path);
        var theirs = Directory.GetFiles(folder.Path).Select(File.ReadAllBytes).Where(body => body.Length > 0).Select(Digest);
        var ours = SeenByTshark(run).SelectMany(exchange => new[] { exchange.Request, exchange.Response }).Where(message => message.BodyLength > 0).Select(message => Digest(Decoded(message)));
        Assert.Equal(theirs.Order(), ours.Order());
    }

    [Fact]
    public void Each_shape_is_there()
    {
        var run = CapturedRun.Of(traffic.Path("clean.pcap"));
        string[] shapes =
        [
            "Transfer-Encoding: chunked", "Content-Encoding: gzip", "HTTP/1.1 206 ", "HTTP/1.1 304 ", "HTTP/1.1 204 ", "HTTP/1.1 101 ", "HEAD /", "Expect: 100-continue",
            "GET http://proxied.example/item/absolute", "OPTIONS /", "HTTP/1.0\r\n",
        ];
        var heads = string.Concat(run.Exchanges.Select(exchange => HttpText.Text(exchange.Request.Head) + HttpText.Text(exchange.Response.Head)));
        Assert.All(shapes, shape => Assert.Contains(shape, heads, StringComparison.Ordinal));
        var page = File.ReadAllBytes(traffic.Path("www/page"));
        Assert.All(run.Exchanges.Where(exchange => Target(exchange) == "/page" && Status(exchange) == 200 && Method(exchange) == "GET"), exchange => Assert.Equal(page, Decoded(exchange.Response)));
        var upload = File.ReadAllBytes(traffic.Path("upload"));
        Assert.Equal(3, run.Exchanges.Count(exchange => Method(exchange) == "PUT" && exchange.Request.Body.Span.SequenceEqual(upload)));
        Assert.Equal((1, 11 + 7 + 5), (run.Accounts[Happening.Upgrade], run.Accounts[Happening.PassedOverBytes]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_the_capture_did_not_see_is_missing_and_nothing_else_is_wrong(int seed)
    {
        using var folder = new TempFolder();
        var dropped = CapturedRun.Thin(traffic.Path("clean.pcap"), folder.File("thin.pcap"), new Random(seed), every: 12);
        var run = CapturedRun.Of(folder.File("thin.pcap"));
        var all = CapturedRun.Of(traffic.Path("clean.pcap")).Exchanges;
        var whole = all.Select(Full).ToHashSet();
        var intact = run.Exchanges.Where(exchange => exchange is { HasResponse: true } && (exchange.Marks & (ExchangeMarks.RequestIncomplete | ExchangeMarks.ResponseIncomplete)) == 0).ToList();
        // Each is one that there was, with its own response: nothing spliced, nothing paired wrongly.
        Assert.All(intact, exchange => Assert.Contains(Full(exchange), whole));
        // How many depends on which packets these were.
        Assert.InRange(intact.Count, all.Count / 4, all.Count);
        Assert.True(dropped > 20 && run.Accounts[Happening.Gap] > 5, $"{dropped} packets, {run.Accounts[Happening.Gap]} gaps");
        Assert.True(run.Accounts.IsBalanced);
    }

    [Fact]
    public void Real_conversations_with_bytes_changed_break_nothing()
    {
        var pieces = CapturedRun.Pieces(traffic.Path("clean.pcap"));
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var options = new ConversationOptions { KeepRaw = seed % 2 == 0, KeepUpgraded = true, BodyLimit = 10_000, HeldPerConnection = 200_000, HeldInAll = 400_000 };
            var text = new HttpText(options, sawSyn: seed % 5 > 0);
            foreach (var (from, bytes, at) in pieces[random.Next(pieces.Count)])
            {
                var changed = random.Next(4) == 0 ? Changed(bytes, random) : bytes;
                if (random.Next(30) == 0)
                    text.Miss(from, changed.Length);
                else
                    text.Take(from, changed, at);
                Assert.InRange(text.Held, 0, 400_000);
            }
            text.End();
            Assert.Equal(0, text.Held);
        }
    }

    /// <summary>It knows nothing of HEAD when requests are pipelined, so that port is left out.</summary>
    private static IEnumerable<CapturedExchange> SeenByTshark(CapturedRun run) => run.Exchanges.Where(exchange => exchange.Server.Port != 8002);

    private static byte[] Changed(byte[] bytes, Random random) => Mutation.Apply(bytes, Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        new Mutation((MutationKind)random.Next(6), random.Next(), random.Next(1, random.Next(2) == 0 ? 4 : 2_000), (byte)random.Next(256))));

    private static string Tshark(string file, params string[] arguments) =>
        TrafficRoom.Run("tshark", ["-r", file, "-o", "tcp.reassemble_out_of_order:TRUE", "-d", "tcp.port==8000,http", "-d", "tcp.port==8001,http", "--disable-heuristic", "http_tcp", .. arguments]);

    private static byte[] Decoded(CapturedMessage message) =>
        BodyDecoder.Decode(message.Body, new HttpHead(message.Head.Span).Combined("Content-Encoding"u8), false, 1 << 20).Bytes.ToArray();

    private static string Digest(byte[] body) => $"{body.Length} {Convert.ToHexString(SHA256.HashData(body))}";

    private static string Full(CapturedExchange exchange) =>
        $"{HttpText.Text(exchange.Request.Head)}{Digest(exchange.Request.Body.ToArray())}{HttpText.Text(exchange.Response.Head)}{Digest(exchange.Response.Body.ToArray())}";

    private static (string Port, string Line) Parts(string logged)
    {
        var parts = logged.Split(' ');
        return (parts[0], string.Join(' ', parts[2..]));
    }

    private static (string Port, string Line) Parts(CapturedExchange exchange) =>
        (exchange.Client.Port.ToString(CultureInfo.InvariantCulture), $"{Method(exchange)} {WithoutAuthority(Target(exchange))} {Status(exchange)}");

    private static string WithoutAuthority(string target) => target.Replace("http://proxied.example", "", StringComparison.Ordinal);

    private static IEnumerable<string> ByPort(IEnumerable<(string Port, string Line)> lines) =>
        lines.GroupBy(line => line.Port).OrderBy(group => group.Key).Select(group => $"{group.Key}: {string.Join(", ", group.Select(line => line.Line))}");

    private static string Method(CapturedExchange exchange) => Encoding.ASCII.GetString(new HttpHead(exchange.Request.Head.Span).Method);

    private static string Target(CapturedExchange exchange) => Encoding.ASCII.GetString(new HttpHead(exchange.Request.Head.Span).Target);

    private static int Status(CapturedExchange exchange) => new HttpHead(exchange.Response.Head.Span).Status;
}
