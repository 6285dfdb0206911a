namespace Pressure.TrafficCopy.Tests;

public sealed class ConversationOpenerTests
{
    private const string Get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private const string ClientHello = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003";
    private const string ServerHello = "\u0016\u0003\u0003\u0000\u007a\u0002\u0000\u0000";
    private const string Settings = "\0\0\u0006\u0004\0\0\0\0\0\0\u0003\0\0\0\u0064";
    private const string Greeting = "\u004a\0\0\0\n8.0.36\0";

    public static TheoryData<string, string, Happening?> Beginnings => new()
    {
        { "C", Get, Happening.Exchange },
        { "C", "\r\n" + Get, Happening.Exchange },
        { "C", "FROB x HTTP/1.0\r\n\r\n", Happening.Exchange },
        { "C", "CONNECT db:443 HTTP/1.1\r\n\r\n", Happening.Exchange },
        { "C", "GET /unfinished", null },
        { "S", Ok, Happening.ResponseWithoutRequest },
        { "C", Preface, Happening.Http2Undecodable },
        { "S", Settings, Happening.Http2Undecodable },
        { "C", ClientHello, Happening.TlsWithoutKeys },
        { "S", ServerHello, Happening.TlsWithoutKeys },
        { "C", "*1\r\n$4\r\nPING\r\n", Happening.UnknownProtocol },
        { "C", "GET key\r\n", Happening.UnknownProtocol },
        { "C", "PRI * HTTP/1.1\r\n\r\n", Happening.Exchange },
        { "C", "\u0016\u0003\u0001\u0002\u0000\u0002", Happening.UnknownProtocol },
        { "S", Greeting, Happening.UnknownProtocol },
        { "S", "220 mail ESMTP\r\n", Happening.UnknownProtocol },
        { "S", "HTTP/2 what", Happening.UnknownProtocol },
        { "C", "EHLO", Happening.UnknownProtocol },
        { "C", "", null },
    };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void What_is_spoken_is_told_by_the_first_bytes_of_either_side(string from, string bytes, Happening? counted)
    {
        foreach (var inPieces in new[] { false, true })
        {
            var text = new HttpText();
            foreach (var piece in inPieces ? bytes.Chunk(1).ToArray() : [bytes.ToCharArray()])
                text.Take(from == "C" ? Side.Client : Side.Server, HttpText.Bytes(new string(piece)), text.Now);
            text.End();
            Happening[] all =
            [
                Happening.ResponseWithoutRequest, Happening.Http2Undecodable, Happening.TlsWithoutKeys, Happening.UnknownProtocol, Happening.RawConversation,
            ];
            Assert.Equal(counted is null or Happening.Exchange ? [] : [counted.Value], all.Where(each => text.Accounts[each] > 0));
            Assert.Equal(counted is Happening.Exchange or Happening.ResponseWithoutRequest ? 1 : 0, text.Exchanges.Count);
            Assert.Equal([7], text.Ended);
            Assert.Equal(0, text.Held);
        }
    }

    [Fact]
    public void Whoever_reads_HTTP2_and_TLS_plugs_in_with_a_line()
    {
        foreach (var (bytes, name) in new[] { (Preface, "http2"), (ClientHello, "tls") })
        {
            var taken = new Taken();
            var text = new HttpText(new ConversationOptions { Http2 = _ => taken.As("http2"), Tls = (_, _) => taken.As("tls") });
            text.Client(bytes[..3]).Client(bytes[3..]).Server("x").Miss(Side.Server, 2).Finish(Side.Client).End();
            Assert.Equal([name, $"C{bytes[..3]}", $"C{bytes[3..]}", "Sx", "S-2", "C!", "End"], taken.Told);
            Assert.Equal(0, text.Accounts[Happening.TlsWithoutKeys] + text.Accounts[Happening.Http2Undecodable]);
        }
    }

    [Fact]
    public void What_is_inside_of_TLS_is_looked_at_afresh_and_marked()
    {
        IConversation? inside = null;
        var text = new HttpText(new ConversationOptions
        {
            Tls = (_, inner) =>
            {
                inside = inner;
                return new Taken();
            },
        });
        text.Client(ClientHello);
        Assert.NotNull(inside);
        inside.Take(Side.Client, HttpText.Bytes(Get), 5);
        inside.Take(Side.Server, HttpText.Bytes(Ok), 6);
        text.End();
        Assert.Equal(["GET /a > 200 ok [Decrypted]"], text.Told);
        Assert.Equal([7], text.Ended);
    }

    [Fact]
    public void A_tunnel_is_looked_at_afresh()
    {
        var text = new HttpText().Client("CONNECT db:80 HTTP/1.1\r\nHost: db:80\r\n\r\n").Client(Get[..5]).Server("HTTP/1.1 200 Established\r\nContent-Length: 5\r\n\r\n")
            .Client(Get[5..]).Server(Ok).End();
        Assert.Equal(["CONNECT db:80 > 200 [Upgrade]", "GET /a > 200 ok"], text.Told);
        Assert.Equal([0, 1], text.Exchanges.Select(exchange => exchange.Order));
        Assert.Equal((1, 1), (text.Accounts[Happening.Upgrade], text.Ended.Count));
    }

    [Fact]
    public void Tunnels_within_tunnels_are_passed_over_at_last()
    {
        var text = new HttpText();
        for (var i = 0; i < 10_000; i++)
            text.Client("CONNECT db:80 HTTP/1.1\r\n\r\n").Server("HTTP/1.1 200 OK\r\n\r\n");
        text.End();
        Assert.Equal(4, text.Exchanges.Count);
        Assert.Equal(1, text.Accounts[Happening.UnknownProtocol]);
        Assert.Equal(0, text.Held);
    }

    [Fact]
    public void A_refused_tunnel_or_upgrade_changes_nothing()
    {
        var text = new HttpText().Client("CONNECT db:80 HTTP/1.1\r\n\r\n").Client(Get).Server("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n").Server(Ok)
            .Client("GET /b HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n").Server(Ok).End();
        Assert.Equal(["CONNECT db:80 > 403", "GET /a > 200 ok", "GET /b > 200 ok"], text.Told);
        Assert.Equal(0, text.Accounts[Happening.Upgrade]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_follows_an_upgrade_is_counted_or_kept_as_raw_TCP(bool isKept)
    {
        var text = new HttpText(new ConversationOptions { KeepUpgraded = isKept }).Client("GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            .Client("early").Server("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\nhi").Client("GET /x HTTP/1.1\r\n\r\n").Server("bye").End();
        Assert.Equal("GET /ws > 101 [Upgrade]", text.Told[0]);
        Assert.Equal(isKept ? 3 : 1, text.Exchanges.Count);
        Assert.Equal(isKept ? 0 : 5 + 2 + 19 + 3, text.Accounts[Happening.PassedOverBytes]);
        Assert.Equal(isKept ? [TrafficProtocol.Http1, TrafficProtocol.Tcp, TrafficProtocol.Tcp] : [TrafficProtocol.Http1], text.Exchanges.Select(exchange => exchange.Protocol));
        Assert.Equal(1, text.Accounts[Happening.Upgrade]);
    }

    [Fact]
    public void An_upgrade_to_HTTP2_is_its_readers_whole()
    {
        var taken = new Taken();
        CapturedExchange? upgrade = null;
        var text = new HttpText(new ConversationOptions
        {
            Http2Upgrade = (output, exchange) =>
            {
                upgrade = exchange;
                Assert.Equal(1, output.TakeOrder());
                return taken.As("h2c");
            },
        });
        text.Client(Get).Server(Ok).Client("GET /up HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n").Client(Preface)
            .Server("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n\0\0").End();
        Assert.Equal(["GET /a > 200 ok"], text.Told);
        Assert.Equal("GET /up HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n", HttpText.Text(upgrade!.Request.Head));
        Assert.Equal(["h2c", "S\0\0", $"C{Preface}", "End"], taken.Told);
    }

    [Fact]
    public void A_request_for_an_upgrade_whose_server_was_not_captured_is_followed_by_the_next_ones()
    {
        var text = new HttpText().Client("GET /up HTTP/1.1\r\nUpgrade: h2c\r\n\r\n").Client(Get).End();
        Assert.Equal(["GET /up > -", "GET /a > - [Last]"], text.Told);
    }

    [Fact]
    public void Connections_that_speak_something_else_are_kept_in_turns_when_asked_for()
    {
        var text = new HttpText(new ConversationOptions { KeepRaw = true }).Server(Greeting).Client("login").Server("o").Server("k").Client("a").Client("b").Server("c").Client("quit")
            .End();
        Assert.Equal($">{Greeting} login>ok ab>c quit>", string.Join(' ', text.Exchanges.Select(turn => $"{HttpText.Text(turn.Request.Body)}>{HttpText.Text(turn.Response.Body)}")));
        Assert.Equal([0, 1, 2, 3], text.Exchanges.Select(turn => turn.Order));
        Assert.Equal((1001, 1001, 1001, 1001), Times(text.Exchanges[0]));
        Assert.Equal((1002, 1002, 1003, 1004), Times(text.Exchanges[1]));
        Assert.Equal(ExchangeMarks.Last, text.Exchanges[3].Marks);
        Assert.Equal((1, 4, 1), (text.Accounts[Happening.RawConversation], text.Accounts[Happening.Exchange], text.Accounts[Happening.Unanswered]));
    }

    [Fact]
    public void Turns_with_gaps_are_incomplete_and_large_ones_are_cut()
    {
        var text = new HttpText(new ConversationOptions { KeepRaw = true, BodyLimit = 4 }).Client("*1\r\n").Miss(Side.Client, 3).Client("x").Server("123").Server("456")
            .Client("b").Server("c").Miss(Side.Server, 2).End(ConversationEnd.Idle);
        Assert.Equal((ExchangeMarks.RequestIncomplete | ExchangeMarks.ResponseCut, 8L, 6L), Sizes(text.Exchanges[0]));
        Assert.Equal((ExchangeMarks.ResponseIncomplete, 1L, 3L), Sizes(text.Exchanges[1]));
        Assert.Equal("1234", HttpText.Text(text.Exchanges[0].Response.Body));
        Assert.Equal(0, text.Held);
    }

    [Fact]
    public void A_raw_connection_joined_late_is_kept_from_its_first_byte_on()
    {
        var text = new HttpText(new ConversationOptions { KeepRaw = true }, sawSyn: false).Server("+OK\r\n").Client("*1\r\n$4\r\nPING\r\n").Server("+PONG\r\n").End();
        Assert.Equal(2, text.Exchanges.Count);
        Assert.All(text.Exchanges, turn => Assert.True(turn.Marks.HasFlag(ExchangeMarks.JoinedLate)));
    }

    [Fact]
    public void A_large_body_from_the_middle_on_is_not_taken_for_raw_TCP()
    {
        var text = new HttpText(new ConversationOptions { KeepRaw = true }, sawSyn: false);
        for (var i = 0; i < 200; i++)
            text.Server(new string('x', 1_000));
        text.Client(Get).Server(Ok).End();
        Assert.Equal(["GET /a > 200 ok [JoinedLate]"], text.Told.Select(one => one.Replace(", Last", "")));
        Assert.Equal((200_000, 0), (text.Accounts[Happening.SkippedBytes], text.Accounts[Happening.RawConversation]));
    }

    [Fact]
    public void Thousands_of_gaps_before_anything_is_known_change_nothing()
    {
        var text = new HttpText(sawSyn: false);
        for (var i = 0; i < 5_000; i++)
            text.Server("x").Miss(Side.Server, 9);
        Assert.Equal(0, text.Held);
        text.Client(Get).Server(Ok).End();
        Assert.Single(text.Exchanges);
    }

    [Fact]
    public void Frames_of_HTTP2_whose_beginning_is_missing_are_counted()
    {
        var text = new HttpText(sawSyn: false).Client("\0\0\u0004\u0003\0\0\0\0\u0001\0\0\0\0").Server("more").End();
        Assert.Equal((1, 0, 17), (text.Accounts[Happening.Http2Undecodable], text.Accounts[Happening.UnknownProtocol], text.Accounts[Happening.PassedOverBytes]));
    }

    private static (long, long, long, long) Times(CapturedExchange turn) => (turn.At, turn.RequestEnd, turn.ResponseAt, turn.ResponseEnd);

    private static (ExchangeMarks, long, long) Sizes(CapturedExchange turn) => (turn.Marks, turn.Request.BodyLength, turn.Response.BodyLength);

    private sealed class Taken : IConversation
    {
        public List<string> Told { get; } = [];

        public Taken As(string name)
        {
            Told.Add(name);
            return this;
        }

        public void Take(Side from, ReadOnlySpan<byte> bytes, long at) => Told.Add(Letter(from) + HttpText.Text(bytes.ToArray()));

        public void Miss(Side from, long bytes, long at) => Told.Add($"{Letter(from)}-{bytes}");

        public void Finish(Side from, long at) => Told.Add(Letter(from) + "!");

        public void End(ConversationEnd how, long at) => Told.Add("End");

        private static string Letter(Side from) => from == Side.Client ? "C" : "S";
    }
}
