using System.IO.Compression;
using System.Text;
using Pressure.LoadGen.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

public abstract class CompressionTests(bool tls, bool overHandler) : OverAllLanes(tls, overHandler)
{
    public static TheoryData<string> Codings => ["gzip", "GZIP", "x-gzip", "deflate", "bare", "br"];

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Checks_see_what_a_body_means_and_the_accounts_what_came(string coding)
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i} red tea, "));
        var body = Encoded(coding, text + "the end");
        await using var server = Serving(coding, body);
        var request = EngineRun.Get(server.Url) with { Checks = [new Check.BodyContains("19999 red tea, the end"), new Check.BodyMatches(new("^0 red tea"))] };

        var run = await RunAsync(EngineRun.Plan(50, 0.1, request));

        Assert.Equal((5, 10), (run.Only.Ok, run.Only.ChecksPassed));
        Assert.InRange(run.Only.BytesReceived, 5 * body.Length, 5 * (body.Length * 102 / 100 + 200));
    }

    [Fact]
    public async Task It_is_asked_for_only_when_the_plan_says_so()
    {
        var asked = 0;
        await using var server = Answering(h =>
        {
            if (h.Contains("\r\nAccept-Encoding: gzip, deflate, br\r\n", StringComparison.Ordinal))
                Interlocked.Increment(ref asked);
            return Ok();
        });
        var plan = EngineRun.Plan(30, 0.1, EngineRun.Get(server.Url));

        await RunAsync(plan);
        Assert.Equal(0, asked);

        await RunAsync(plan with { Http = plan.Http with { Compression = true } });
        Assert.Equal(3, asked);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task A_body_cut_short_or_corrupt_has_its_own_name(string coding)
    {
        var body = Encoded(coding, string.Concat(Enumerable.Range(0, 500).Select(i => $"{i},")));
        await AssertFails(RequestError.DecodingFailed, coding, body[..^1]);
        await AssertFails(RequestError.DecodingFailed, coding, body[..(body.Length / 2)]);
        await AssertFails(RequestError.DecodingFailed, coding, [.. Enumerable.Repeat((byte)0xFF, 200)]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_bomb_is_put_out_at_the_limit(string coding)
    {
        var bomb = Encoded(coding, new string('x', ContentDecoder.MaxBytes + 1));
        Assert.InRange(bomb.Length, 1, 100_000);

        await AssertFails(RequestError.BodyTooLarge, coding, bomb);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, br")]
    [InlineData("gzip\r\nContent-Encoding: gzip")]
    public Task What_was_not_asked_for_is_told(string coding) => AssertFails(RequestError.DecodingFailed, coding, Encoded("gzip", "ok"));

    [Fact]
    public async Task Where_nothing_looks_at_it_nothing_is_decoded()
    {
        await using var server = Serving("gzip", [1, 2, 3]);

        var run = await RunAsync(EngineRun.Plan(30, 0.1, EngineRun.Get(server.Url) with { Checks = [new Check.Header("Content-Encoding", "gzip")] }));

        Assert.Equal(3, run.Only.Ok);
    }

    [Fact]
    public async Task An_empty_body_is_whole()
    {
        await using var server = Serving("gzip", []);

        var run = await RunAsync(EngineRun.Plan(30, 0.1, EngineRun.Get(server.Url) with { Checks = [new Check.BodyMatches(new("^$"))] }));

        Assert.Equal(3, run.Only.Ok);
    }

    private async Task AssertFails(RequestError error, string coding, byte[] body)
    {
        await using var server = Serving(coding, body);

        var run = await RunAsync(EngineRun.Plan(20, 0.1, EngineRun.Get(server.Url) with { Checks = [new Check.BodyContains("nothing")] }));

        Assert.Equal([(error, 2L)], run.Only.Errors());
    }

    // In small pieces, so that the decoder meets borders everywhere.
    private RawServer Serving(string coding, byte[] body) => Serving(async c =>
    {
        while (await c.ReadRequestAsync() is not null)
        {
            await c.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: {(coding == "bare" ? "deflate" : coding)}\r\nTransfer-Encoding: chunked\r\n\r\n");
            foreach (var piece in body.Chunk(997))
                await c.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8]);
            await c.WriteAsync("0\r\n\r\n");
        }
    });

    internal static byte[] Encoded(string coding, string text)
    {
        var bytes = new MemoryStream();
        using (Stream stream = coding switch
        {
            "deflate" => new ZLibStream(bytes, CompressionLevel.Optimal),
            "bare" => new DeflateStream(bytes, CompressionLevel.Optimal),
            "br" => new BrotliStream(bytes, CompressionLevel.Fastest),
            _ => new GZipStream(bytes, CompressionLevel.Optimal),
        })
            stream.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}

public sealed class PlainCompressionTests() : CompressionTests(tls: false, overHandler: false);

public sealed class HandlerCompressionTests() : CompressionTests(tls: true, overHandler: true);
