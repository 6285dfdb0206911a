using System.Diagnostics;
using System.Net;

namespace Pressure.TrafficCopy.Tests;

public sealed class PcapngExportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("x.pcapng");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_exported_is_captured_as_it_was()
    {
        var exchanges = FormatSamples.Http().Concat(Mixed()).OrderBy(e => e.At).ToList();
        Export(exchanges);

        var (taken, accounts) = Capture();

        Assert.Equal(
            exchanges.Select(Plain).Order(),
            taken.Select(Plain).Order());
        Assert.True(accounts.IsBalanced);
        Assert.Equal((0, 0, 0), (accounts[Happening.TimeWentBack], accounts[Happening.Gap], accounts[Happening.ConnectionWithoutSyn]));
        Assert.Equal(accounts.PayloadBytes, accounts[ByteFate.Delivered]);
    }

    [Fact]
    public async Task Tshark_reads_every_request_and_response_and_finds_no_fault()
    {
        var exchanges = FormatSamples.Http().Concat(Mixed()).OrderBy(e => e.At).ToList();
        Export(exchanges);

        var requests = await TsharkAsync("-Y", "http.request", "-T", "fields", "-e", "http.request.method", "-e", "http.request.uri", "-e", "http.host");
        var responses = await TsharkAsync("-Y", "http.response", "-T", "fields", "-e", "http.response.code");
        var faults = await TsharkAsync("-Y", "_ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0 || tcp.analysis.lost_segment || tcp.analysis.retransmission || tcp.analysis.out_of_order");

        Assert.Equal(
            exchanges.Select(e => new HttpLine(e)).Select(l => $"{l.Method}\t{l.Target}\t{l.Host}").Order(),
            requests.Order());
        Assert.Equal(exchanges.Where(e => e.HasResponse).Select(e => new HttpLine(e).Status).Order(), responses.Order());
        Assert.Empty(faults);
    }

    [Fact]
    public async Task What_was_cut_is_a_hole_behind_which_the_connection_goes_on()
    {
        var cut = FormatSamples.Exchange(1, 0, 0, "GET /cut HTTP/1.1\r\nHost: x\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n", "begin");
        cut.Response = cut.Response with { BodyLength = 9000 };
        Export([cut, FormatSamples.Exchange(1, 1, 5_000_000, "GET /next HTTP/1.1\r\nHost: x\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "whole")]);

        var (taken, accounts) = Capture();

        Assert.Equal([ExchangeMarks.ResponseIncomplete, ExchangeMarks.None], taken.Select(e => e.Marks & ~ExchangeMarks.Last));
        Assert.Equal("whole"u8.ToArray(), taken[1].Response.Body.ToArray());
        Assert.Equal(8_995, accounts[Happening.MissingBytes]);
        Assert.Single(await TsharkAsync("-Y", "tcp.analysis.lost_segment"));
    }

    [Fact]
    public void Connections_with_the_same_ends_and_requests_that_overlap_in_HTTP2_do_not_mix()
    {
        var same = new IPEndPoint(IPAddress.Parse("10.0.0.1"), 5000);
        var exchanges = Enumerable.Range(0, 6).Select(i =>
        {
            // Two captured connections, each answer longer than the next request waits.
            var e = FormatSamples.Exchange(1 + (i % 2), i / 2, i * 100_000L, $"GET /{i} HTTP/1.1\r\nHost: x\r\n", "", "HTTP/1.1 200 OK\r\n", $"answer {i}");
            (e.Protocol, e.Client) = (TrafficProtocol.Http2, same);
            return e;
        }).ToList();
        Export(exchanges);

        var (taken, accounts) = Capture();

        Assert.Equal(exchanges.Select(e => ($"/{exchanges.IndexOf(e)}", $"answer {exchanges.IndexOf(e)}")), taken.OrderBy(e => e.At).Select(e => (new HttpLine(e).Target, System.Text.Encoding.ASCII.GetString(e.Response.Body.Span))));
        Assert.Equal(0, accounts[Happening.Gap]);
    }

    [Fact]
    public void Turns_of_raw_TCP_are_exported_too()
    {
        var turn = new CapturedExchange
        {
            Protocol = TrafficProtocol.Tcp,
            Connection = 4,
            At = Exchanges.Start,
            RequestEnd = Exchanges.Start,
            ResponseAt = Exchanges.Start + 500,
            ResponseEnd = Exchanges.Start + 500,
            Client = Exchanges.ClientOf(4),
            Server = new(IPAddress.Parse("10.0.0.9"), 6379),
            Request = new(default, "*1\r\n$4\r\nPING\r\n"u8.ToArray(), 14),
            Response = new(default, "+PONG\r\n"u8.ToArray(), 7),
        };
        Export([turn]);

        var taken = Assert.Single(Capture(new() { KeepRaw = true }).Taken);

        Assert.Equal((TrafficProtocol.Tcp, 14, 7), (taken.Protocol, taken.Request.Body.Length, taken.Response.Body.Length));
    }

    [Fact]
    public void Any_exchanges_can_be_exported()
    {
        var random = new Random(5);
        var wild = Enumerable.Range(0, 3_000).Select(i =>
        {
            var e = Exchanges.Get(random.Next(5), i, random.NextInt64(long.MinValue, long.MaxValue), answer: new string('x', random.Next(3_000)));
            e.Marks = (ExchangeMarks)random.Next(1024);
            e.Protocol = (TrafficProtocol)random.Next(3);
            e.Response = e.Response with { BodyLength = random.Next(2) == 0 ? e.Response.BodyLength : random.NextInt64() };
            e.Client = random.Next(3) == 0 ? new(IPAddress.IPv6Loopback, random.Next(65_536)) : e.Client;
            return e;
        });
        Export(wild);

        Assert.True(Capture().Accounts.IsBalanced);
    }

    private static IEnumerable<CapturedExchange> Mixed()
    {
        // Ended by the connection's end; over IPv6; answers that overtake other connections' ones.
        var close = FormatSamples.Exchange(11, 0, 12_000, "GET /close HTTP/1.1\r\nHost: shop.example\r\n", "", "HTTP/1.1 200 OK\r\nConnection: close\r\n", new string('y', 4_000));
        yield return close;
        var ipv6 = FormatSamples.Exchange(12, 0, 13_000, "GET /v6 HTTP/1.1\r\nHost: shop.example\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "odd");
        (ipv6.Client, ipv6.Server) = (new(IPAddress.Parse("2001:db8::1"), 4444), new(IPAddress.Parse("2001:db8::2"), 80));
        yield return ipv6;
        for (var i = 0; i < 200; i++)
        {
            var e = FormatSamples.Exchange(20 + (i % 5), i / 5, (i / 5 * 2_000_000L) + (i % 5), $"GET /many/{i} HTTP/1.1\r\nHost: shop.example\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", new string('x', i * 37));
            e.ResponseAt = e.At + 1_000 + (i % 7 * 100_000);
            e.ResponseEnd = e.ResponseAt + 1_000;
            yield return e;
        }
    }

    private static string Plain(CapturedExchange exchange)
    {
        var copy = exchange.Keep();
        (copy.Connection, copy.Order, copy.Marks) = (0, 0, ExchangeMarks.None);
        // One packet has one time.
        (copy.RequestEnd, copy.ResponseEnd) = (0, 0);
        return Exchanges.Text(copy);
    }

    private void Export(IEnumerable<CapturedExchange> exchanges)
    {
        using var file = File.Create(Path);
        PcapngExport.Write(exchanges, file, Path, FormatSamples.Stop);
    }

    private (List<CapturedExchange> Taken, CaptureAccounts Accounts) Capture(ConversationOptions? options = null)
    {
        var (sink, accounts) = (new Sink(), new CaptureAccounts());
        var pipeline = new CapturePipeline(new ConversationOpener(sink, accounts, options), accounts);
        Assert.Empty(pipeline.Read(Path).Problems);
        pipeline.Flush();
        return (sink.Taken, accounts);
    }

    private async Task<string[]> TsharkAsync(params string[] arguments)
    {
        Assert.True(File.Exists("/usr/bin/tshark"), "tshark is missing: apt-get install -y tshark");
        using var process = Process.Start(new ProcessStartInfo("tshark", ["-r", Path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "tcp.desegment_tcp_streams:TRUE", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(FormatSamples.Stop);
        var output = await process.StandardOutput.ReadToEndAsync(FormatSamples.Stop);
        await process.WaitForExitAsync(FormatSamples.Stop);
        Assert.True(process.ExitCode == 0, await errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class HttpLine
    {
        public HttpLine(CapturedExchange exchange)
        {
            var head = new HttpHead(exchange.Request.Head.Span);
            (Method, Target, Host) = (Latin(head.Method), Latin(head.Target), Latin(head.Host));
            Status = $"{new HttpHead(exchange.Response.Head.Span).Status}";
        }

        public string Method { get; }

        public string Target { get; }

        public string Host { get; }

        public string Status { get; }

        private static string Latin(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
    }
}
