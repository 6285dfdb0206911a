using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

public sealed class HttpPropertyTests
{
    private static Arbitrary<int> Seeds => Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void However_bytes_are_cut_and_sides_are_mixed_the_exchanges_are_the_same()
    {
        Prop.ForAll(Seeds, seed =>
        {
            var talk = new HttpTalk(seed);
            var random = new Random(seed);
            var most = random.Next(3) switch { 0 => 1, 1 => 40, _ => 5_000 };
            var client = new Queue<string>(HttpTalk.Cut(talk.Client, random, most));
            var server = new Queue<string>(HttpTalk.Cut(talk.Server, random, most));
            var text = new HttpText();
            while (client.Count + server.Count > 0)
                if (random.Next(client.Count + server.Count) < client.Count)
                    text.Client(client.Dequeue());
                else
                    text.Server(server.Dequeue());
            text.Finish(Side.Server).Finish(Side.Client).End();
            Assert.Equal(talk.Told, text.Told.Select(one => one.Replace(" [Last]", "")));
            Assert.Equal(0, text.Held);
            Assert.Equal(0, text.Accounts[Happening.SkippedBytes]);
            Assert.Equal(0, text.Accounts[Happening.Smuggling]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_500));
    }

    [Fact]
    public void Whatever_is_missing_nothing_is_spliced_and_nothing_is_paired_wrongly()
    {
        var (whole, unpaired) = (0, 0);
        Prop.ForAll(Seeds, seed =>
        {
            var pipelines = seed % 3 == 0;
            var talk = new HttpTalk(seed, canEndOpen: false, canMislead: false);
            var text = new HttpText();
            foreach (var (side, piece, isLost) in WithLosses(talk, new Random(seed), pipelines))
                if (isLost)
                    text.Miss(side, piece.Length);
                else
                    text.Take(side, HttpText.Bytes(piece), text.Now).Pass(1);
            text.Finish(Side.Client).Finish(Side.Server).End();
            Assert.Equal(0, text.Held);
            foreach (var (exchange, told) in text.Exchanges.Zip(text.Told))
                Judge(talk, exchange, told, ref whole, ref unpaired);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_500));
        Assert.True(whole > 2_000 && unpaired > 100, $"{whole} whole, {unpaired} unpaired");
    }

    [Fact]
    public void Whatever_bytes_come_nothing_breaks_and_nothing_stays_held()
    {
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            var options = new ConversationOptions { BodyLimit = 300, HeadLimit = 1_000, HeldPerConnection = 20_000, PendingRequests = 5, KeepRaw = random.Next(2) == 0, KeepUpgraded = true };
            var text = new HttpText(options, sawSyn: random.Next(3) > 0);
            var talk = new HttpTalk(seed);
            foreach (var (side, piece) in Preludes[random.Next(Preludes.Length)])
                text.Take(side, HttpText.Bytes(piece), text.Now);
            foreach (var (side, piece, isLost) in WithLosses(talk, random, pipelines: random.Next(2) == 0))
            {
                var bytes = HttpText.Bytes(piece);
                Spoil(bytes, random);
                if (isLost)
                    text.Miss(side, random.Next(10) == 0 ? long.MaxValue : piece.Length);
                else
                    text.Take(random.Next(50) == 0 ? 1 - side : side, bytes, text.Now + random.Next(-5, 50));
                Assert.InRange(text.Held, 0, 20_000 + 65_536);
            }
            if (random.Next(2) == 0)
                text.Finish(Side.Client);
            text.End((ConversationEnd)random.Next(6));
            Assert.Equal(0, text.Held);
            Assert.All(text.Exchanges, exchange => Assert.InRange(Math.Max(exchange.Request.Body.Length, exchange.Response.Body.Length), 0, 300));
            Assert.Equal(Enumerable.Range(0, text.Exchanges.Count), text.Exchanges.Select(exchange => exchange.Order));
            Assert.Equal([7], text.Ended);
            // What was used is used again: nothing of it may be left, and nothing used by two.
            var (next, other) = (new HttpText(text), new HttpText(text));
            next.Client("GET /next HTTP/1.1\r\n\r\n");
            other.Client("GET /other HTTP/1.1\r\n\r\n").Server("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\no");
            next.Server("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nn");
            Assert.Equal(["GET /next > 200 n", "GET /other > 200 o"], [.. next.Told, .. other.Told]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    private static readonly (Side, string)[][] Preludes =
    [
        [],
        [],
        [(Side.Client, "POST /up HTTP/1.1\r\nUpgrade: h2c\r\nContent-Length: 9\r\n\r\n12")],
        [(Side.Client, "POST /up HTTP/1.1\r\nUpgrade: x\r\nContent-Length: 9\r\n\r\n12"), (Side.Server, "HTTP/1.1 101 Yes\r\n\r\n")],
        [(Side.Client, "CONNECT x:1 HTTP/1.1\r\n\r\n"), (Side.Server, "HTTP/1.1 200 Yes\r\n\r\n")],
        [(Side.Client, "GET /up HTTP/1.1\r\nUpgrade: x\r\n\r\n"), (Side.Client, "GET /next HTTP/1.1\r\n\r\n")],
        [(Side.Server, "HTTP/1.1 101 Yes\r\n\r\n")],
        [(Side.Server, "HTTP/1.1 200 Yes\r\n\r\n"), (Side.Client, "GET ")],
    ];

    /// <summary>Pieces in the order in which they were sent, some of them lost.</summary>
    private static IEnumerable<(Side Side, string Piece, bool IsLost)> WithLosses(HttpTalk talk, Random random, bool pipelines)
    {
        if (pipelines)
            return Lose(Side.Client, talk.Client).Concat(Lose(Side.Server, talk.Server));
        return talk.Exchanges.SelectMany(exchange => Lose(Side.Client, exchange.Request).Concat(Lose(Side.Server, exchange.Response)));

        IEnumerable<(Side, string, bool)> Lose(Side side, string text) =>
            HttpTalk.Cut(text, random, random.Next(2) == 0 ? 50 : 1_500).Select(piece => (side, piece, random.Next(8) == 0));
    }

    private static void Judge(HttpTalk talk, CapturedExchange exchange, string told, ref int whole, ref int unpaired)
    {
        var request = new HttpHead(exchange.Request.Head.Span);
        var response = new HttpHead(exchange.Response.Head.Span);
        var asked = request.StartLine.IsEmpty ? null : System.Text.Encoding.Latin1.GetString(request.Path[1..]);
        var answered = response.Has("N"u8) ? System.Text.Encoding.Latin1.GetString(response.Find("N"u8)) : null;
        if (asked is not null && answered is not null)
            Assert.Equal(asked, answered);
        else
            unpaired++;
        if ((exchange.Marks & (ExchangeMarks.RequestIncomplete | ExchangeMarks.ResponseIncomplete)) != 0 || !exchange.HasResponse)
            return;
        whole++;
        var one = talk.Exchanges[int.Parse(asked!)];
        Assert.Equal(one.Told, told.Replace(" [Last]", "").Replace(" [JoinedLate]", "").Replace(" [JoinedLate, Last]", ""));
    }

    private static void Spoil(byte[] bytes, Random random)
    {
        while (random.Next(3) == 0)
            bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)'\n', _ => (byte)" \r:,;0HG/"[random.Next(9)] };
    }
}
