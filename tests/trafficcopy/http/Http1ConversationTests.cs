namespace Pressure.TrafficCopy.Tests;

public sealed class Http1ConversationTests
{
    private const string Get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    public static TheoryData<string, string, string, string[]> Shapes => new()
    {
        { "a body with a length", "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", Ok, ["POST /a abc > 200 ok"] },
        { "a length said twice", "POST /a HTTP/1.1\r\nContent-Length: 3, 3\r\ncontent-length: 03\r\n\r\nabc", Ok, ["POST /a abc > 200 ok"] },
        { "pipelining", Get + "GET /b HTTP/1.1\r\n\r\n", Ok + "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", ["GET /a > 200 ok", "GET /b > 404"] },
        { "chunks with extensions and trailers", "POST /a HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n3;x=\"1\"\r\nabc\r\n0A ; y\r\n0123456789\r\n000\r\nX-Sum: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", ["POST /a abc0123456789 > 200 ok"] },
        { "several 1xx", "PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + Ok, ["PUT /a x > 200 ok"] },
        { "HEAD", "HEAD /a HTTP/1.1\r\n\r\n" + Get, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + Ok, ["HEAD /a > 200", "GET /a > 200 ok"] },
        { "HEAD in chunks", "HEAD /a HTTP/1.1\r\n\r\n" + Get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Ok, ["HEAD /a > 200", "GET /a > 200 ok"] },
        { "204 and 304", Get + Get + Get, "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n" + Ok, ["GET /a > 204", "GET /a > 304", "GET /a > 200 ok"] },
        { "a body until the end", Get, "HTTP/1.0 200 OK\r\n\r\nall the rest", ["GET /a > 200 all the rest"] },
        { "a transfer coding that ends with the connection", Get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nzzz", ["GET /a > 200 zzz"] },
        { "HTTP/1.0 kept alive", "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n",
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nokHTTP/1.0 200 OK\r\n\r\nend", ["GET /a > 200 ok", "GET /b > 200 end"] },
        { "empty lines before", "\r\n\n" + Get + "\r\n" + Get, "\r\n" + Ok + "\r\n" + Ok, ["GET /a > 200 ok", "GET /a > 200 ok"] },
        { "an absolute target", "GET http://h/x?y HTTP/1.1\r\n\r\n", Ok, ["GET http://h/x?y > 200 ok"] },
        { "a method nobody knows", "M-SEARCH * HTTP/1.1\r\n\r\n", Ok, ["M-SEARCH * > 200 ok"] },
        { "no reason, and many spaces", "GET   /a   HTTP/1.1\r\n\r\n", "HTTP/1.1 200\r\nContent-Length:2\r\n\r\nok", ["GET /a > 200 ok"] },
        { "bare line feeds", "POST /a HTTP/1.1\nContent-Length: 1\n\nx", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", ["POST /a x > 200 ok"] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Each_shape_is_read_whole_and_byte_by_byte(string shape, string client, string server, string[] told)
    {
        Assert.NotNull(shape);
        var whole = new HttpText().Client(client).Server(server).Finish(Side.Server).Finish(Side.Client).End();
        Assert.Equal(told, whole.Told.Select(one => one.Replace(" [Last]", "")));
        var single = new HttpText();
        foreach (var letter in client)
            single.Client(letter.ToString());
        foreach (var letter in server)
            single.Server(letter.ToString());
        single.Finish(Side.Server).Finish(Side.Client).End();
        Assert.Equal(told, single.Told.Select(one => one.Replace(" [Last]", "")));
        Assert.Equal(0, whole.Held + single.Held);
        Assert.Equal(0, whole.Accounts[Happening.SkippedBytes] + single.Accounts[Happening.SkippedBytes]);
        Assert.Equal(told.Length, whole.Accounts[Happening.Exchange]);
    }

    [Theory]
    [InlineData("HTTP/1.1 2000 OK")]
    [InlineData("HTTP/1.1 099 OK")]
    [InlineData("HTTP/1.1 20 OK")]
    [InlineData("HTTP/2.0 200 OK")]
    public void What_is_no_status_line_begins_no_response(string line)
    {
        var text = new HttpText().Client(Get).Server($"{line}\r\nContent-Length: 0\r\n\r\n").Client("GET /b HTTP/1.1\r\n\r\n").Server(Ok).End();
        Assert.Equal(["GET /a > - [ResponseIncomplete]", "GET /b > 200 ok"], text.Told.Select(one => one.Replace(", Last]", "]").Replace(" [Last]", "")));
    }

    [Fact]
    public void Heads_are_kept_as_they_came_but_unfolded_and_with_whole_line_ends()
    {
        var text = new HttpText()
            .Client("GET /a HTTP/1.1\r\nHost:h\r\nX-Long: one\r\n\t two  \r\n \r\nx-MIXED:  Case \r\n\r\n")
            .Server("HTTP/1.1 200 OK\nServer: s\nContent-Length: 0\n\n");
        var exchange = Assert.Single(text.Exchanges);
        Assert.Equal("GET /a HTTP/1.1\r\nHost:h\r\nX-Long: one two \r\nx-MIXED:  Case \r\n", HttpText.Text(exchange.Request.Head));
        Assert.Equal("HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\n", HttpText.Text(exchange.Response.Head));
        Assert.Equal(ExchangeMarks.None, exchange.Marks);
    }

    [Fact]
    public void Times_and_addresses_are_those_of_the_first_and_last_bytes()
    {
        var text = new HttpText().Client("POST /a HTTP/1.1\r\n").Client("Content-Length: 2\r\n\r\nx").Client("y")
            .Server("HTTP/1.1 100 Continue\r\n\r\n").Server("HTTP/1.1 200 OK\r\n").Server("Content-Length: 2\r\n\r\no").Server("k");
        var exchange = Assert.Single(text.Exchanges);
        Assert.Equal((1001, 1003, 1005, 1007), (exchange.At, exchange.RequestEnd, exchange.ResponseAt, exchange.ResponseEnd));
        Assert.Equal((7, 0, 1111, 80), (exchange.Connection, exchange.Order, exchange.Client.Port, exchange.Server.Port));
        Assert.Equal(TrafficProtocol.Http1, exchange.Protocol);
        Assert.Equal((2, 2), (exchange.Request.BodyLength, exchange.Response.BodyLength));
    }

    [Fact]
    public void A_response_that_is_over_before_its_request_waits_for_it()
    {
        var text = new HttpText().Client("POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab").Server("HTTP/1.1 413 Big\r\nContent-Length: 0\r\n\r\n");
        Assert.Empty(text.Exchanges);
        text.Client("cd");
        Assert.Equal(["POST /a abcd > 413"], text.Told);
    }

    [Fact]
    public void A_response_captured_before_its_request_waits_and_keeps_its_time()
    {
        var text = new HttpText().Client(Get).Server(Ok).Server("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200").Server(" OK\r\nContent-Length: 1\r\n\r\nc");
        Assert.Single(text.Exchanges);
        text.Client("HEAD /b HTTP/1.1\r\n\r\n");
        Assert.Equal(["GET /a > 200 ok", "HEAD /b > 200"], text.Told);
        Assert.Equal(1003, text.Exchanges[1].ResponseAt);
        text.Client("GET /c HTTP/1.1\r\n\r\n");
        Assert.Equal("GET /c > 200 c", text.Told[2]);
        Assert.Equal((1003, 1004), (text.Exchanges[2].ResponseAt, text.Exchanges[2].ResponseEnd));
    }

    [Fact]
    public void What_the_connection_ends_without_is_told()
    {
        var text = new HttpText().Client(Get).Server(Ok).Client("GET /b HTTP/1.1\r\n\r\n").Client("POST /c HTTP/1.1\r\nContent-Length: 5\r\n\r\nab").End();
        Assert.Equal(["GET /a > 200 ok", "GET /b > -", "POST /c ab > - [RequestIncomplete, Last]"], text.Told);
        Assert.Equal([0, 1, 2], text.Exchanges.Select(exchange => exchange.Order));
        Assert.Equal(2, text.Accounts[Happening.Unanswered]);
        Assert.Equal(1, text.Accounts[Happening.IncompleteExchange]);
        Assert.Equal([7], text.Ended);
    }

    [Fact]
    public void A_response_that_nobody_asked_for_is_handed_on_at_the_end()
    {
        var text = new HttpText().Client(Get).Server(Ok).Server("HTTP/1.1 408 Slow\r\nContent-Length: 0\r\n\r\n").Finish(Side.Server);
        Assert.Single(text.Exchanges);
        text.Finish(Side.Client).End();
        Assert.Equal(["GET /a > 200 ok", " > 408 [RequestIncomplete]"], text.Told);
        Assert.Equal(1, text.Accounts[Happening.ResponseWithoutRequest]);
        Assert.Equal(text.Exchanges[1].ResponseAt, text.Exchanges[1].At);
    }

    [Theory]
    [InlineData(ConversationEnd.Closed, "GET /a > 200 par")]
    [InlineData(ConversationEnd.Reset, "GET /a > 200 par [ResponseIncomplete]")]
    [InlineData(ConversationEnd.CaptureEnded, "GET /a > 200 par [ResponseIncomplete]")]
    [InlineData(ConversationEnd.Evicted, "GET /a > 200 par [ResponseIncomplete]")]
    public void A_body_that_ends_with_the_connection_is_whole_only_if_it_was_closed(ConversationEnd how, string told)
    {
        var text = new HttpText().Client(Get).Server("HTTP/1.1 200 OK\r\n\r\npar").End(how);
        Assert.Equal([told], text.Told);
        Assert.Equal([7], text.Ended);
        Assert.Equal(0, text.Held);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npar", "GET /a > 200 par [ResponseIncomplete]")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\npar", "GET /a > 200 par [ResponseIncomplete]")]
    [InlineData("HTTP/1.1 200 OK\r\nServ", "GET /a > 200 [ResponseIncomplete]")]
    [InlineData("HTTP/1.1 2", "GET /a > - [ResponseIncomplete]")]
    public void A_response_that_breaks_off_is_incomplete(string server, string told)
    {
        var text = new HttpText().Client(Get).Server(server).Finish(Side.Server);
        Assert.Equal([told], text.Told);
    }
}
