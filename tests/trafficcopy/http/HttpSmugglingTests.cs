namespace Pressure.TrafficCopy.Tests;

public sealed class HttpSmugglingTests
{
    private const string Next = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";

    /// <summary>What stands in the head, what follows it, and what is read: the body's text, and whether the next request is found right after it.</summary>
    public static TheoryData<string, string, string, bool> Shapes => new()
    {
        { "Content-Length: 4\r\nTransfer-Encoding: chunked", "1\r\nx\r\n0\r\n\r\n", "x", true },
        { "Transfer-Encoding: chunked\r\nContent-Length: 999", "1\r\nx\r\n0\r\n\r\n", "x", true },
        { "Transfer-Encoding : chunked", "1\r\nx\r\n0\r\n\r\n", "x", true },
        { "Transfer-Encoding:\r\n chunked", "1\r\nx\r\n0\r\n\r\n", "x", true },
        { "Content-Length:\r\n\t1", "x", "x", true },
        { "Transfer-Encoding: identity", "", "", true },
        { "Transfer-Encoding: identity\r\nContent-Length: 1", "x", "x", true },
        { "Transfer-Encoding: chunked, chunked", "1\r\nx\r\n0\r\n\r\n", "x", true },
        { "Transfer-Encoding: , chunked", "1\r\nx\r\n0\r\n\r\n", "x", true },
        { "Transfer-Encoding: chunked, identity", "1\r\nx\r\n0\r\n\r\n", "", false },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "1\r\nx\r\n0\r\n\r\n", "", false },
        { "Transfer-Encoding: xchunked", "1\r\nx\r\n0\r\n\r\n", "", false },
        { "Transfer-Encoding: gzip", "zzz", "", false },
        { "Transfer-Encoding: \u000bchunked", "1\r\nx\r\n0\r\n\r\n", "", false },
        { "\u000bTransfer-Encoding: chunked", "", "", true },
        { "Transfer-Encoding\u0000: chunked", "1\r\nx\r\n0\r\n\r\n", "x", true },
        { "Content-Length: 1\r\nContent-Length: 2", "xy", "", false },
        { "Content-Length: 1, 2", "xy", "", false },
        { "Content-Length: +1", "x", "", false },
        { "Content-Length: -1", "x", "", false },
        { "Content-Length: 0x1", "x", "", false },
        { "Content-Length: 1 1", "x", "", false },
        { "Content-Length: ", "x", "", false },
        { "Content-Length: 99999999999999999999", "x", "", false },
        { "Content-Length : 1", "x", "x", true },
        { "X: a\rContent-Length: 1", "", "", true },
        { "X: a\u0000b", "", "", true },
        { "no colon at all", "", "", true },
        { "Content Length: 1", "", "", true },
        { "Transfer-Encoding: chunked", "1\nx\r\n0\r\n\r\n", "x", true },
        { "Transfer-Encoding: chunked", "1;a\nx\r\n0\r\n\r\n", "x", true },
        { "Transfer-Encoding: chunked", "0x1\r\nx\r\n0\r\n\r\n", "", false },
        { "Transfer-Encoding: chunked", "+1\r\nx\r\n0\r\n\r\n", "", false },
        { "Transfer-Encoding: chunked", "1\r\nxx\r\n0\r\n\r\n", "x", false },
        { "Transfer-Encoding: chunked", "1\rxyz", "", false },
        { "Transfer-Encoding: chunked", "1000000000000001\r\nx\r\n0\r\n\r\n", "", false },
        { "Transfer-Encoding: chunked", "\r\n\r\n", "", false },
        { "Transfer-Encoding: chunked", "1;a\rb\r\nx\r\n0\r\n\r\n", "", false },
        { "Transfer-Encoding: chunked", $"1;{new string('a', 17_000)}\r\nx\r\n0\r\n\r\n", "", false },
        { "Transfer-Encoding: chunked", $"1\r\nx\r\n0\r\n{string.Concat(Enumerable.Repeat("T: 1\r\n", 300))}\r\n", "x", false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_request_that_others_may_read_in_another_way_is_marked(string fields, string body, string read, bool isFramed)
    {
        foreach (var inPieces in new[] { false, true })
        {
            var text = new HttpText();
            var all = $"POST /a HTTP/1.1\r\nHost: h\r\n{fields}\r\n\r\n{body}{Next}";
            foreach (var piece in inPieces ? all.Chunk(1) : [all.ToCharArray()])
                text.Client(new string(piece));
            text.End();
            Assert.Equal(["/a", "/next"], text.Exchanges.Select(Target));
            var marks = text.Exchanges[0].Marks;
            Assert.True(marks.HasFlag(ExchangeMarks.Smuggling));
            Assert.Equal(!isFramed, marks.HasFlag(ExchangeMarks.RequestIncomplete));
            Assert.Equal(read, HttpText.Text(text.Exchanges[0].Request.Body));
            Assert.False(text.Exchanges[1].Marks.HasFlag(ExchangeMarks.Smuggling));
            Assert.Equal(1, text.Accounts[Happening.Smuggling]);
            Assert.Equal(isFramed, text.Accounts[Happening.SkippedBytes] == 0);
        }
    }

    [Theory]
    [InlineData("HTTP/1.0", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1", " X: a fold of nothing\r\n\r\n")]
    [InlineData("HTTP/1.1", ": no name\r\n\r\n")]
    public void So_are_these(string version, string rest)
    {
        var text = new HttpText().Client($"POST /a {version}\r\n{rest}{Next}").End();
        Assert.Equal(["/a", "/next"], text.Exchanges.Select(Target));
        Assert.Equal(ExchangeMarks.Smuggling, text.Exchanges[0].Marks);
    }

    [Theory]
    [InlineData("X: a\r\n b")]
    [InlineData("Content-Length: 0\r\nContent-Length: 00")]
    [InlineData("Transfer-Encoding2: chunked")]
    [InlineData("Host: h\r\nX[1]: y")]
    [InlineData("Content-Length:0\t")]
    public void What_is_unusual_but_clear_is_not(string fields)
    {
        var text = new HttpText().Client($"POST /a HTTP/1.1\r\n{fields}\r\n\r\n{Next}").End(ConversationEnd.Idle);
        Assert.Equal(["POST /a > -", "GET /next > -"], text.Told);
    }

    [Fact]
    public void After_a_request_nobody_can_frame_no_response_is_given_away_wrongly()
    {
        var text = new HttpText().Client("POST /a HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\nxy").Server("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n").Client(Next)
            .Server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").End();
        Assert.Equal(["POST /a > 400 [RequestIncomplete, Smuggling]", "GET /next > 200"], text.Told);
    }

    private static string Target(CapturedExchange exchange) => HttpText.Text(exchange.Request.Head).Split(' ')[1];
}
