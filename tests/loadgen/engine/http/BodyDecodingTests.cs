using System.Text;
using Pressure.LoadGen.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

public class BodyDecodingTests
{
    private static readonly string Text = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i * i % 97} "));

    public static TheoryData<string> Codings => ["gzip", "deflate", "bare", "br"];

    [Theory]
    [MemberData(nameof(Codings))]
    public void Wherever_pieces_end_the_body_is_the_same(string coding)
    {
        var body = CompressionTests.Encoded(coding, Text);

        Assert.All(Enumerable.Range(1, body.Length), size => Assert.Equal((RequestError.None, Text), Decoded(coding, body.Chunk(size))));
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void Wherever_it_is_cut_short_it_is_told(string coding)
    {
        var body = CompressionTests.Encoded(coding, Text);

        Assert.All(Enumerable.Range(1, body.Length - 1), length => Assert.Equal(RequestError.DecodingFailed, Decoded(coding, [body[..length]]).Error));
    }

    [Fact]
    public void A_wrong_checksum_is_told()
    {
        var body = CompressionTests.Encoded("gzip", Text);
        body[^6] ^= 1;

        Assert.Equal(RequestError.DecodingFailed, Decoded("gzip", [body]).Error);
    }

    [Fact]
    public void Two_gzip_members_are_one_body()
    {
        byte[] both = [.. CompressionTests.Encoded("gzip", "red "), .. CompressionTests.Encoded("gzip", "tea")];

        Assert.All(Enumerable.Range(1, both.Length), size => Assert.Equal((RequestError.None, "red tea"), Decoded("gzip", both.Chunk(size))));
    }

    [Fact]
    public void Noise_never_does_more_than_fail()
    {
        var random = new Random(1);
        foreach (var coding in Codings.Select(c => c.Data))
        {
            for (var i = 0; i < 500; i++)
            {
                var noise = CompressionTests.Encoded(coding, Text);
                for (var n = random.Next(1, 5); n > 0; n--)
                    noise[random.Next(noise.Length)] = (byte)random.Next(256);
                Assert.Contains(Decoded(coding, noise.Chunk(random.Next(1, 99))).Error, new[] { RequestError.None, RequestError.DecodingFailed, RequestError.BodyTooLarge });
            }
        }
    }

    [Theory]
    [InlineData("/\u00ff")]
    [InlineData("/a\tb")]
    [InlineData("http:///x")]
    [InlineData("http://exa mple/")]
    [InlineData("https://[fe80::1")]
    public void A_location_that_is_no_url_is_invalid(string location) =>
        Assert.Equal(RedirectKind.Invalid, Redirect.Read(302, "GET", new("http://127.0.0.1/"), Encoding.Latin1.GetBytes(location), out _));

    private static (RequestError Error, string Text) Decoded(string coding, IEnumerable<byte[]> pieces)
    {
        var body = new BodyCheck();
        body.Begin(new ResponseChecks([new Check.BodyMatches(new("."))]));
        body.WriteField("content-ENCODING"u8, Encoding.ASCII.GetBytes(coding == "bare" ? "deflate" : coding));
        foreach (var piece in pieces)
            body.Write(piece);
        var result = (body.End(), Encoding.UTF8.GetString(body.Kept));
        body.Release();
        return result;
    }
}
