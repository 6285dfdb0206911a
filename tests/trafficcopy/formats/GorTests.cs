using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

public class GorTests
{
    private const string Separator = "\n🐵🙈🙉\n";

    private static readonly string Realistic =
        "1 932079936fa4306fc308d67588178d17d823647c 1439818823587396305 0\nPOST /order?x=1 HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 7\r\nContent-Type: text/plain\r\n\r\na=1&b=2" + Separator +
        "1 8e091765ae902fef8a2b7d9dd960e9d52222bd8c 1439818823587496305 0\nGET /item/7 HTTP/1.1\r\nHost: shop.example\r\n\r\n" + Separator +
        "2 8e091765ae902fef8a2b7d9dd960e9d52222bd8c 1439818823588396305 200000\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n" + Separator +
        "2 932079936fa4306fc308d67588178d17d823647c 1439818823587396305 4000000\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok" + Separator +
        "3 932079936fa4306fc308d67588178d17d823647c 1439818900000000000 1000\nHTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n" + Separator;

    [Fact]
    public void A_file_of_GoReplay_is_read_with_its_responses()
    {
        var (taken, outcome) = Read(Encoding.UTF8.GetBytes(Realistic));

        Assert.Empty(outcome.Problems);
        Assert.Equal((2, 1), (outcome.Exchanges, outcome.LeftOut["replayed-response"]));
        var (item, order) = (taken[0], taken[1]);
        Assert.Equal("GET /item/7 HTTP/1.1\r\nHost: shop.example\r\n", Text(item.Request.Head));
        Assert.Equal("abcde", Text(item.Response.Body));
        Assert.Equal((1439818823587496305, 1439818823588396305, 1439818823588596305), (item.At, item.ResponseAt, item.ResponseEnd));
        Assert.Equal("a=1&b=2", Text(order.Request.Body));
        // Here the response's time is the request's, and how long it took in all.
        Assert.Equal((1439818823587396305, 1439818823591396305), (order.At, order.ResponseAt));
        Assert.NotEqual(item.Connection, order.Connection);
    }

    [Fact]
    public void A_packed_file_is_read()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Realistic));
        packed.Position = 0;
        var sink = new Sink();

        Assert.Equal(2, GorImport.Read(GorImport.Unpacked(packed), "x.gor", sink, FormatSamples.Stop).Exchanges);
    }

    [Fact]
    public void What_can_not_be_read_is_told_with_its_place_and_the_rest_is_read()
    {
        var (taken, outcome) = Read(Encoding.UTF8.GetBytes("no header" + Separator + "1 a x 0\nGET / HTTP/1.1\r\n\r\n" + Separator + "1 b 5\nnonsense" + Separator + "1 c 7 0\nGET /c HTTP/1.1\r\nHost: x\r\n\r\n" + Separator + "1 d 9 0\nGET /cut"));

        Assert.Equal("GET /c HTTP/1.1\r\nHost: x\r\n", Text(Assert.Single(taken).Request.Head));
        Assert.Equal([0, 9 + 14, 0, 0], outcome.Problems.Select((p, i) => i < 2 ? p.Offset : 0));
        Assert.Equal(4, outcome.Problems.Count);
        Assert.Contains("ends within a message", outcome.Problems[2].What, StringComparison.Ordinal);
        Assert.Contains("no HTTP/1.x request", outcome.Problems[3].What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_separator_without_end_of_line_is_one() =>
        Assert.Single(Read(Encoding.UTF8.GetBytes("\uFEFF1 c 7 0\nGET /c HTTP/1.1\r\nHost: x\r\n\r\n\n🐵🙈🙉")).Taken);

    [Fact]
    public void What_is_exported_is_imported_as_it_was()
    {
        var exchanges = FormatSamples.Http().ToList();
        using var file = new MemoryStream();
        var exported = GorExport.Write(exchanges, file, "x.gor", FormatSamples.Stop);
        file.Position = 0;
        var sink = new Sink();
        var imported = GorImport.Read(file, "x.gor", sink, FormatSamples.Stop);

        Assert.Equal(exchanges.Count, exported.Exchanges);
        Assert.Equal(exchanges.Count, imported.Exchanges);
        Assert.Empty(imported.Problems);
        Assert.Equal(exchanges.Select(e => FormatSamples.Text(e, withEnds: false)), sink.Taken.Select(e => FormatSamples.Text(e, withEnds: false)));
    }

    [Fact]
    public void What_GoReplay_could_not_send_is_left_out_and_counted()
    {
        var cut = Exchanges.Get(1, 0, 0);
        cut.Request = cut.Request with { BodyLength = 10 };
        var incomplete = Exchanges.Get(1, 1, 0);
        incomplete.Marks = ExchangeMarks.RequestIncomplete;
        using var file = new MemoryStream();

        var outcome = GorExport.Write([cut, incomplete, new CapturedExchange { Protocol = TrafficProtocol.Tcp }, Exchanges.Get(2, 0, 0)], file, "x.gor", FormatSamples.Stop);

        Assert.Equal(1, outcome.Exchanges);
        Assert.Equal(new Dictionary<string, long> { ["cut"] = 1, ["incomplete"] = 1, ["tcp"] = 1 }, outcome.LeftOut);
    }

    [Fact]
    public void Any_bytes_are_read_to_their_end()
    {
        var file = Encoding.UTF8.GetBytes(Realistic);
        Prop.ForAll<int, byte, int>((at, value, length) =>
        {
            var bytes = file.ToArray();
            bytes[(int)((uint)at % bytes.Length)] = value;
            var (taken, outcome) = Read(bytes[..(int)((uint)length % (bytes.Length + 1))]);
            Assert.Equal(taken.Count, outcome.Exchanges);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    private static (List<CapturedExchange> Taken, TransferOutcome Outcome) Read(byte[] bytes)
    {
        var sink = new Sink();
        using var stream = new MemoryStream(bytes);
        var outcome = GorImport.Read(stream, "x.gor", sink, FormatSamples.Stop);
        return (sink.Taken, outcome);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
