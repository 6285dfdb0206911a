using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

public sealed class MaskedFileTests : IDisposable
{
    private const string Secret = "zq7hush9kxw";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void No_secret_is_ever_in_the_bytes_of_the_file(bool hash, bool cut) =>
        Prop.ForAll(Messages(cut).ToArbitrary(), messages =>
        {
            var path = _folder.File("x.capture");
            File.Delete(path);
            using (var writer = new CaptureWriter(path))
            {
                var masking = new Masking(MaskRules.Default with { Hash = hash }, writer);
                for (var i = 0; i + 1 < messages.Length; i += 2)
                {
                    var exchange = Exchanges.Get(1, i, i);
                    (exchange.Request, exchange.Response) = (messages[i], messages[i + 1]);
                    masking.Take(exchange);
                }

                writer.Complete();
            }

            var bytes = File.ReadAllBytes(path);
            var found = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Secret));
            Assert.True(found < 0, found < 0 ? "" : Encoding.Latin1.GetString(bytes.AsSpan(Math.Max(0, found - 60), 75)));
            using var reader = CaptureReader.Open(path);
            foreach (var exchange in reader.ByTime())
            {
                Assert.DoesNotContain(Secret, Unpacked(exchange.Request), StringComparison.Ordinal);
                Assert.DoesNotContain(Secret, Unpacked(exchange.Response), StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(40));

    private static Gen<CapturedMessage[]> Messages(bool cut)
    {
        var field = Gen.Elements(
            $"Authorization: Bearer {Secret}", $"Cookie: a={Secret}; b=1; {Secret}", $"Set-Cookie: sid={Secret}; Path=/", $"X-Auth-Token:{Secret}", $"Referer: https://u:{Secret}@h/p?x=1&access_token={Secret}&y",
            $"Location: /cb#id_token={Secret}", $"cookie:{Secret}", $"PROXY-AUTHORIZATION: Digest username=\"{Secret}\"", "Accept: */*", "X-Odd");
        var target = Gen.Elements("/", $"/a?token={Secret}", $"/a?x=1&Client_Secret={Secret}&y=2", $"/a?pass%77ord={Secret}", $"http://{Secret}@h/a?sessionid={Secret}");
        var key = Gen.Elements("password", "userPassword", "api_key", "token", "Secret", "session_id", "pass\\u0077ord", "credentials");
        var plain = Gen.Elements("1", "\"a\\\"b\"", "null", "[1,{\"x\":\"é\"}]", "{}", "\"\\ud83d\\ude00\"");
        var hidden = Gen.Elements($"\"{Secret}\"", $"\"a{Secret}b\"", $"[\"{Secret}\"]", $"{{\"x\":[[\"{Secret}\"]]}}", $"\"\\u007a\\n{Secret}\"");
        var member = Gen.OneOf(from k in key from v in hidden select $"\"{k}\": {v}", from v in plain select $"\"plain\":{v}");
        var json = member.NonEmptyListOf().Select(m => $"{{{string.Join(",", m)}}}");
        var form = Gen.Elements($"password={Secret}", "a=b", $"user%5Bpin%5D={Secret}", $"otp=%41{Secret}").NonEmptyListOf().Select(p => string.Join('&', p));
        var part = Gen.Elements(("password", Secret), ("name", "ann"), ("api-key", $"x\r\n{Secret}\r\n--"), ("note", "--b-\r\n"));
        var multipart = part.NonEmptyListOf().Select(parts => string.Concat(parts.Select(p => $"--bd7\r\nContent-Disposition: form-data; name=\"{p.Item1}\"\r\n\r\n{p.Item2}\r\n")) + "--bd7--\r\n");
        var body = Gen.OneOf(
            json.Select(b => ("application/json", b)),
            json.Select(b => ("text/plain", b)),
            json.Select(b => ("application/x-www-form-urlencoded", b)),
            json.Select(b => ("application/vnd.api+json", b + "\n" + b)),
            form.Select(b => ("application/x-www-form-urlencoded; charset=utf-8", b)),
            multipart.Select(b => ("multipart/form-data; boundary=bd7", b)));
        return (
            from t in target
            from fields in field.ArrayOf()
            from b in body
            from coding in Gen.Elements("", "", "gzip", "br", "deflate")
            from share in Gen.Choose(0, 100)
            select Message(t, fields, b.Item1, b.Item2, coding, cut ? share : 100)).ArrayOf();
    }

    private static CapturedMessage Message(string target, string[] fields, string type, string text, string coding, int share)
    {
        var body = Pack(Encoding.UTF8.GetBytes(text), coding);
        var head = $"POST {target} HTTP/1.1\r\n{string.Concat(fields.Select(f => f + "\r\n"))}Content-Type: {type}\r\nContent-Length: {body.Length}\r\n{(coding.Length > 0 ? $"Content-Encoding: {coding}\r\n" : "")}";
        return new(Encoding.UTF8.GetBytes(head), body.AsMemory(0, body.Length * share / 100), body.Length);
    }

    private static string Unpacked(CapturedMessage message)
    {
        var decoded = BodyDecoder.Decode(message.Body, new HttpHead(message.Head.Span).Combined("Content-Encoding"u8), isCut: true, 1 << 20).Bytes;
        return Encoding.Latin1.GetString(decoded.Span);
    }

    private static byte[] Pack(byte[] body, string coding)
    {
        if (coding.Length == 0)
            return body;
        using var packed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            _ => new ZLibStream(packed, CompressionLevel.Fastest),
        })
            stream.Write(body);
        return packed.ToArray();
    }
}
