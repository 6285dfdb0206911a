using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

public class HarTests
{
    // As Chrome saves it (shortened): pseudo fields, own keys with underscores, cached entries, data URLs, a picture in base64.
    private const string Chrome = """
        {
          "log": {
            "version": "1.2",
            "creator": { "name": "WebInspector", "version": "537.36" },
            "pages": [ { "startedDateTime": "2026-01-05T10:00:00.000Z", "id": "page_1", "title": "Shop", "pageTimings": { "onLoad": 812.1 } } ],
            "entries": [
              {
                "_initiator": { "type": "other" }, "_priority": "VeryHigh", "_resourceType": "document",
                "cache": {}, "connection": "4711", "pageref": "page_1",
                "request": {
                  "method": "GET", "url": "https://shop.example/item/42?color=red#top", "httpVersion": "http/2.0",
                  "headers": [ { "name": ":authority", "value": "shop.example" }, { "name": ":method", "value": "GET" }, { "name": "accept", "value": "text/html" }, { "name": "cookie", "value": "sid=1; lang=en" } ],
                  "queryString": [ { "name": "color", "value": "red" } ], "cookies": [], "headersSize": -1, "bodySize": 0
                },
                "response": {
                  "status": 200, "statusText": "", "httpVersion": "http/2.0",
                  "headers": [ { "name": "content-encoding", "value": "br" }, { "name": "content-type", "value": "text/html; charset=utf-8" }, { "name": "set-cookie", "value": "a=1\nb=2; Path=/" } ],
                  "cookies": [], "content": { "size": 7, "mimeType": "text/html", "text": "<p>é</p>" }, "redirectURL": "", "headersSize": -1, "bodySize": -1, "_transferSize": 300, "_error": null
                },
                "serverIPAddress": "203.0.113.7", "startedDateTime": "2026-01-05T10:00:00.100Z", "time": 70.5,
                "timings": { "blocked": 2, "dns": 3.5, "ssl": 10, "connect": 15, "send": 0.5, "wait": 40, "receive": 9.5, "_blocked_queueing": 1 }
              },
              {
                "connection": "4711",
                "request": {
                  "method": "POST", "url": "https://shop.example/cart", "httpVersion": "http/2.0", "headers": [ { "name": "content-type", "value": "application/x-www-form-urlencoded" }, { "name": "content-length", "value": "11" } ],
                  "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 11,
                  "postData": { "mimeType": "application/x-www-form-urlencoded", "text": "item=42&n=1", "params": [ { "name": "item", "value": "42" }, { "name": "n", "value": "1" } ] }
                },
                "response": { "status": 302, "statusText": "", "httpVersion": "http/2.0", "headers": [ { "name": "location", "value": "/done" } ], "cookies": [], "content": { "size": 0, "mimeType": "x-unknown" }, "redirectURL": "/done", "headersSize": -1, "bodySize": 0 },
                "startedDateTime": "2026-01-05T10:00:01.000Z", "time": 5, "timings": { "blocked": -1, "dns": -1, "connect": -1, "send": 1, "wait": 3, "receive": 1 }
              },
              {
                "_fromCache": "memory",
                "request": { "method": "GET", "url": "https://shop.example/app.js", "httpVersion": "http/2.0", "headers": [] },
                "response": { "status": 200, "headers": [], "content": {} }, "startedDateTime": "2026-01-05T10:00:01.000Z", "time": 0, "timings": {}
              },
              { "request": { "method": "GET", "url": "data:image/png;base64,iVBORw0KGgo=" }, "response": { "status": 200 }, "startedDateTime": "2026-01-05T10:00:01.000Z" },
              {
                "connection": "4712",
                "request": { "method": "GET", "url": "https://cdn.example/p.png", "httpVersion": "HTTP/1.1", "headers": [ { "name": "Host", "value": "cdn.example" } ], "bodySize": 0 },
                "response": { "status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [ { "name": "Transfer-Encoding", "value": "chunked" }, { "name": "Content-Type", "value": "image/png" } ], "content": { "size": 4, "mimeType": "image/png", "text": "iVBORw==", "encoding": "base64" } },
                "startedDateTime": "2026-01-05T10:00:00.500Z", "timings": { "send": 0, "wait": 1, "receive": 1 }
              },
              {
                "request": { "method": "GET", "url": "https://shop.example/aborted", "httpVersion": "", "headers": [] },
                "response": { "status": 0, "statusText": "", "headers": [], "content": { "size": 0 }, "_error": "net::ERR_ABORTED" }, "startedDateTime": "2026-01-05T10:00:02.000Z", "timings": {}
              }
            ]
          }
        }
        """;

    // As Firefox saves it: the server's port as connection, bodies not always kept.
    private const string Firefox = """
        {"log":{"version":"1.2","creator":{"name":"Firefox","version":"140.0"},"browser":{"name":"Firefox","version":"140.0"},"pages":[],"entries":[
        {"startedDateTime":"2026-01-05T11:00:00.000+01:00","request":{"bodySize":0,"method":"GET","url":"http://shop.example:8080/a","httpVersion":"HTTP/1.1","headers":[{"name":"Host","value":"shop.example:8080"}],"cookies":[],"queryString":[],"headersSize":90},
         "response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[{"name":"Content-Length","value":"900"}],"cookies":[],"content":{"mimeType":"text/css","size":900},"redirectURL":"","headersSize":100,"bodySize":1000},
         "cache":{},"timings":{"blocked":0,"dns":0,"connect":0,"ssl":0,"send":0,"wait":100,"receive":0},"time":100,"serverIPAddress":"127.0.0.1","connection":"8080"},
        {"startedDateTime":"2026-01-05T11:00:00.050+01:00","request":{"bodySize":9,"method":"POST","url":"http://shop.example:8080/b","httpVersion":"HTTP/1.1","headers":[],"postData":{"mimeType":"application/json","params":[],"text":"{\"a\":\"b\"}"}},
         "response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[],"content":{"mimeType":"application/json","size":2,"text":"{}"}},
         "timings":{"blocked":0,"send":0,"wait":10,"receive":0},"connection":"8080"},
        {"startedDateTime":"2026-01-05T11:00:00.200+01:00","request":{"method":"GET","url":"http://shop.example:8080/c","headers":[]},"response":{"status":200,"headers":[],"content":{}},"timings":{},"connection":"8080"}
        ]}}
        """;

    [Fact]
    public void What_Chrome_saves_is_read()
    {
        var (taken, outcome) = Read(Chrome);

        Assert.Empty(outcome.Problems);
        Assert.Equal(new Dictionary<string, long> { ["from-cache"] = 1, ["not-http"] = 1 }, outcome.LeftOut);
        Assert.Equal(4, outcome.Exchanges);
        var page = taken[0];
        Assert.Equal("GET /item/42?color=red HTTP/1.1\r\naccept: text/html\r\ncookie: sid=1; lang=en\r\nHost: shop.example\r\n", Text(page.Request.Head));
        Assert.Equal("HTTP/1.1 200 \r\ncontent-type: text/html; charset=utf-8\r\nset-cookie: a=1\r\nset-cookie: b=2; Path=/\r\n", Text(page.Response.Head));
        Assert.Equal("<p>é</p>", Text(page.Response.Body));
        Assert.Equal((TrafficProtocol.Http2, "203.0.113.7:443"), (page.Protocol, page.Server.ToString()));
        var start = (new DateTimeOffset(2026, 1, 5, 10, 0, 0, 100, TimeSpan.Zero).UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;
        Assert.Equal((start + 20_500_000, 500_000, 40_500_000, 50_000_000), (page.At, page.RequestEnd - page.At, page.ResponseAt - page.At, page.ResponseEnd - page.At));
        Assert.Equal((page.Connection, 1, "item=42&n=1"), (taken[1].Connection, taken[1].Order, Text(taken[1].Request.Body)));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], taken[2].Response.Body.ToArray());
        Assert.DoesNotContain("Transfer-Encoding", Text(taken[2].Response.Head), StringComparison.Ordinal);
        Assert.False(taken[3].HasResponse);
    }

    [Fact]
    public void What_Firefox_saves_is_read_and_requests_that_overlapped_had_connections_of_their_own()
    {
        var (taken, outcome) = Read(Firefox);

        Assert.Empty(outcome.Problems);
        Assert.Equal([1L, 2, 1], taken.Select(e => e.Connection));
        Assert.Equal([0, 0, 1], taken.Select(e => e.Order));
        // Its body was not kept, so its fields stay.
        Assert.Equal((ExchangeMarks.ResponseCut, 900, 0), (taken[0].Marks, taken[0].Response.BodyLength, taken[0].Response.Body.Length));
        Assert.Contains("Content-Length: 900", Text(taken[0].Response.Head), StringComparison.Ordinal);
        Assert.Equal("POST /b HTTP/1.1\r\nHost: shop.example:8080\r\nContent-Type: application/json\r\n", Text(taken[1].Request.Head));
    }

    [Fact]
    public void Whatever_is_before_or_behind_the_entries_does_not_matter()
    {
        var node = JsonNode.Parse(Firefox)!;
        var entries = node["log"]!["entries"]!.DeepClone();
        Assert.Equal(3, Read($"\uFEFF// by hand\n{{\"x\":[{{\"entries\":[1]}}],\"log\":{{\"entries\":{entries.ToJsonString()},\"pages\":[{{}}],}},\"y\":1}}").Outcome.Exchanges);
    }

    [Theory]
    [InlineData("{\"log\":{\"version\":\"1.2\"}}", 0, "no list log.entries")]
    [InlineData("[1]", 0, "no HAR file")]
    [InlineData("GET / HTTP/1.1", 0, "no HAR file")]
    [InlineData("", 0, "no HAR file")]
    [InlineData("{\"log\":{\"entries\":{}}}", 0, "no HAR file: log.entries is no list")]
    [InlineData("{\"log\":{\"entries\":[{},{\"request\":{\"url\":\"http://x/\",\"method\":\"GET\"}}]}}", 0, "entry 1 has no request")]
    public void What_is_wrong_is_told(string text, int taken, string what)
    {
        var (exchanges, outcome) = Read(text);
        Assert.Equal(taken, exchanges.Count);
        Assert.Contains(what, outcome.Problems[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_file_that_is_cut_anywhere_the_whole_entries_are_read_and_the_place_is_told()
    {
        for (var length = 0; length < Firefox.Length - 2; length += 7)
        {
            var (taken, outcome) = Read(Firefox[..length]);
            Assert.True(taken.Count <= 3);
            Assert.Contains(outcome.Problems, p => p.Offset <= length);
        }

        Assert.Equal(2, Read(Firefox[..(Firefox.IndexOf("00.200", StringComparison.Ordinal))]).Taken.Count);
    }

    [Fact]
    public void What_is_exported_is_imported_as_it_was()
    {
        var exchanges = FormatSamples.Http().ToList();
        exchanges[1].Marks = ExchangeMarks.Masked;
        using var file = new MemoryStream();
        Assert.Equal(exchanges.Count, HarExport.Write(exchanges, file, "x.har", FormatSamples.Stop).Exchanges);
        var json = JsonNode.Parse(file.ToArray())!;
        Assert.Equal("http://shop.example:8080/b", (string?)json["log"]!["entries"]![1]!["request"]!["url"]);
        file.Position = 0;
        var sink = new Sink();

        Assert.Empty(HarImport.Read(file, "x.har", sink, FormatSamples.Stop).Problems);

        // Contents have no chunks.
        var expected = exchanges.Select(e => Exchanges.Text(e).Replace("Transfer-Encoding: chunked\r\nContent-Type: text/plain\r\n~676F6E65", "Content-Type: text/plain\r\n~676F6E65"));
        Assert.Equal(expected, sink.Taken.Select(Exchanges.Text));
    }

    [Fact]
    public void Packed_and_binary_bodies_are_exported_as_their_content()
    {
        var packed = FormatSamples.Exchange(1, 0, 0, "GET / HTTP/1.1\r\nHost: x\r\n", "", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n", "");
        using var body = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write([0xFF, 0xFE, 1]);
        packed.Response = packed.Response with { Body = body.ToArray(), BodyLength = body.Length };
        using var file = new MemoryStream();
        HarExport.Write([packed], file, "x.har", FormatSamples.Stop);
        var content = JsonNode.Parse(file.ToArray())!["log"]!["entries"]![0]!["response"]!["content"]!;

        Assert.Equal(("//4B", "base64", 3), ((string?)content["text"], (string?)content["encoding"], (int)content["size"]!));
        file.Position = 0;
        var sink = new Sink();
        HarImport.Read(file, "x.har", sink, FormatSamples.Stop);
        Assert.Equal([0xFF, 0xFE, 1], sink.Taken[0].Response.Body.ToArray());
        Assert.Equal("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", Text(sink.Taken[0].Response.Head));
    }

    [Fact]
    public void Any_bytes_are_read_to_their_end()
    {
        var file = Encoding.UTF8.GetBytes(Chrome);
        Prop.ForAll<int, byte, int>((at, value, length) =>
        {
            var bytes = file.ToArray();
            bytes[(int)((uint)at % bytes.Length)] = value;
            using var stream = new MemoryStream(bytes, 0, (int)((uint)length % (bytes.Length + 1)));
            Assert.True(HarImport.Read(stream, "x.har", new Sink()).Exchanges <= 6);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void A_large_file_is_read_entry_by_entry()
    {
        using var file = new MemoryStream();
        HarExport.Write(Enumerable.Range(0, 20_000).Select(i => Exchanges.Get(i % 7, i / 7, i * 1_000L, answer: new string('x', 300))), file, "x.har", FormatSamples.Stop);
        file.Position = 0;
        var counter = new Counter();

        HarImport.Read(file, "x.har", counter, FormatSamples.Stop);

        Assert.Equal(20_000, counter.Count);
    }

    private static (List<CapturedExchange> Taken, TransferOutcome Outcome) Read(string text)
    {
        var sink = new Sink();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var outcome = HarImport.Read(stream, "x.har", sink);
        return (sink.Taken, outcome);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private sealed class Counter : IExchangeSink
    {
        public int Count { get; private set; }

        public void Take(CapturedExchange exchange) => Count++;

        public void EndConnection(long connection, long at)
        {
        }
    }
}
