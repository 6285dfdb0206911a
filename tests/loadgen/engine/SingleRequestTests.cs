using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

public class SingleRequestTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_sees_status_headers_body_and_what_did_not_hold()
    {
        await using var server = RawServer.Answering("HTTP/1.1 302 Found\r\nLocation: /x\r\nX-Two: a\r\nX-Two: b\r\nContent-Length: 5\r\n\r\nhello");
        var request = EngineRun.Get(server.Url) with { Redirects = 0, Checks = [new Check.Status([(200, 299)]), new Check.BodyContains("hell"), new Check.BodyContains("bye")] };

        var tried = await SingleRequest.TryAsync(request, new HttpOptions(), "run-1", Cancel);

        Assert.Equal((302, RequestError.CheckFailed, "hello", 5L), (tried.Status, tried.Error, tried.BodyStart, tried.BodyLength));
        Assert.Equal(["a", "b"], tried.Headers.Where(h => h.Key == "X-Two").Select(h => h.Value));
        Assert.Equal(["status 302 is not in 200-299", "the body does not contain \"bye\""], tried.FailedChecks);
        Assert.True(tried.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task Only_the_start_of_a_long_body_is_kept()
    {
        await using var server = RawServer.Answering($"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{new string('x', 100_000)}");

        var tried = await SingleRequest.TryAsync(EngineRun.Get(server.Url), new HttpOptions(), "run-1", Cancel);

        Assert.Equal((16 * 1024, 100_000L), (tried.BodyStart.Length, tried.BodyLength));
    }

    [Fact]
    public async Task A_compressed_body_is_shown_as_it_is_meant()
    {
        var body = CompressionTests.Encoded("gzip", "red tea");
        await using var server = RawServer.Answering($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n{Encoding.Latin1.GetString(body)}");

        var tried = await SingleRequest.TryAsync(EngineRun.Get(server.Url), new HttpOptions(), "run-1", Cancel);

        Assert.Equal((RequestError.None, "red tea"), (tried.Error, tried.BodyStart));
    }

    [Theory]
    [InlineData("gbk", new byte[] { 0xC4, 0xE3, 0xBA, 0xC3 }, "你好")]
    [InlineData("utf-8", new byte[] { 0xE4, 0xBD, 0xA0, 0xFF }, "你�")]
    [InlineData("nonsense", new byte[] { 0x61 }, "a")]
    public async Task The_body_is_shown_in_its_charset(string charset, byte[] body, string shown)
    {
        await using var server = RawServer.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset={charset}\r\nContent-Length: {body.Length}\r\n\r\n{Encoding.Latin1.GetString(body)}");

        var tried = await SingleRequest.TryAsync(EngineRun.Get(server.Url), new HttpOptions(), "run-1", Cancel);

        Assert.Equal(shown, tried.BodyStart);
    }

    [Fact]
    public async Task It_goes_out_as_the_engine_sends_it()
    {
        string? fromEngine = null, tried = null;
        await using var server = new RawServer(async c =>
        {
            while (await c.ReadRequestAsync() is { } head)
            {
                if (tried is null)
                    tried = head;
                else
                    fromEngine = head;
                await c.WriteAsync(RawServer.Ok);
            }
        });
        var request = EngineRun.Get(new Uri(server.Url, "a%20b?q=%E4%BD%A0")) with
        {
            Method = "POST",
            Headers = [new("Content-Type", "text/plain"), new("X-Mine", "1"), new("User-Agent", "me"), new("baggage", "a=b"), new("Content-Length", "99")],
            Body = "hello"u8.ToArray(),
        };

        await SingleRequest.TryAsync(request, new HttpOptions(), "run-1", Cancel);
        await EngineRun.Of(EngineRun.Plan(1, 1, request));

        Assert.Equal(Lines(tried), Lines(fromEngine));
        Assert.StartsWith("POST /a%20b?q=%E4%BD%A0 HTTP/1.1\r\n", fromEngine);
        Assert.Contains("X-Pressure-Run: run-1\r\n", fromEngine);
        Assert.Contains("baggage: a=b,pressure.run=run-1\r\n", fromEngine);
        Assert.Contains("Content-Length: 5\r\n", fromEngine);
        Assert.Matches("\r\ntraceparent: 00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01\r\n", fromEngine);

        // In any order; traces differ.
        static IEnumerable<string> Lines(string? head) => head!.Split("\r\n").Select(l => l.StartsWith("traceparent", StringComparison.Ordinal) ? "trace" : l).Order();
    }
}
