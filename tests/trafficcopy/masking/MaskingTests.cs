using System.IO.Compression;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

public class MaskingTests
{
    private const string Token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP";

    [Theory]
    [InlineData("Authorization: Bearer abc.def", "Authorization: Bearer ***")]
    [InlineData("authorization: abc", "authorization: ***")]
    [InlineData("Proxy-Authorization: Basic dTpw", "Proxy-Authorization: Basic ***")]
    [InlineData("Cookie: sid=1; theme=dark; =x; y", "Cookie: sid=***; theme=***; =***; ***")]
    [InlineData("Set-Cookie: sid=1; Path=/; HttpOnly", "Set-Cookie: sid=***; Path=/; HttpOnly")]
    [InlineData("Set-Cookie: sid=; Max-Age=0", "Set-Cookie: sid=; Max-Age=0")]
    [InlineData("X-Api-Key: k", "X-Api-Key: ***")]
    [InlineData("X-CSRF-Token:t", "X-CSRF-Token:***")]
    [InlineData("Accept: text/html", "Accept: text/html")]
    [InlineData("Referer: http://x/a?page=1&token=t#top", "Referer: http://x/a?page=1&token=***#top")]
    [InlineData("Location: /cb#access_token=t&state=s", "Location: /cb#access_token=***&state=s")]
    [InlineData("Location: https://ann:pw@x/", "Location: https://***@x/")]
    [InlineData("X-Trace: " + Token, "X-Trace: ***")]
    [InlineData("Link: </a?api_key=k>; rel=next", "Link: </a?api_key=***>; rel=next")]
    [InlineData("Content-Length: 12", "Content-Length: 12")]
    public void Credentials_in_fields_are_masked(string field, string masked) =>
        Assert.Equal($"GET / HTTP/1.1\r\n{masked}\r\n", Head(Mask($"GET / HTTP/1.1\r\n{field}\r\n", "").Request));

    [Theory]
    [InlineData("/a?page=2&Password=x&b=", "/a?page=2&Password=***&b=")]
    [InlineData("/a?pass%77ord=x", "/a?pass%77ord=***")]
    [InlineData("/a?user[new_password]=x&max_tokens=7", "/a?user[new_password]=***&max_tokens=7")]
    [InlineData("/reset/" + Token + "/now", "/reset/***/now")]
    [InlineData("/a?x=" + Token, "/a?x=***")]
    [InlineData("http://u:p@x/a?sid=1", "http://***@x/a?sid=***")]
    [InlineData("/a?pin", "/a?pin")]
    public void Secrets_in_targets_are_masked(string target, string masked) =>
        Assert.Equal($"GET {masked} HTTP/1.1\r\nHost: x\r\n", Head(Mask($"GET {target} HTTP/1.1\r\nHost: x\r\n", "").Request));

    [Theory]
    [InlineData("{\"user\":\"ann\",\"password\":\"x\"}", "{\"user\":\"ann\",\"password\":\"***\"}")]
    [InlineData("{ \"a\" : [ {\"Api_Key\" : 12 } ] }", "{ \"a\" : [ {\"Api_Key\" : \"***\" } ] }")]
    [InlineData("{\"pass\\u0077ord\":\"x\\\"y\"}", "{\"pass\\u0077ord\":\"***\"}")]
    [InlineData("{\"credentials\":{\"user\":\"ann\",\"pw\":[1,true,null]}}", "{\"credentials\":{\"user\":\"***\",\"pw\":[\"***\",true,null]}}")]
    [InlineData("{\"token\":null,\"resetPassword\":true,\"secret\":\"\"}", "{\"token\":null,\"resetPassword\":true,\"secret\":\"\"}")]
    [InlineData("{\"a\":1}\n{\"otp\":2}\n", "{\"a\":1}\n{\"otp\":\"***\"}\n")]
    [InlineData("{\"x\":\"" + Token + "\"}", "{\"x\":\"***\"}")]
    [InlineData(")]}'\n{\"pin\":\"1\"}", ")]}'\n{\"pin\":\"***\"}")]
    [InlineData("{\"max_tokens\": 100}", "{\"max_tokens\": 100}")]
    public void Secrets_in_JSON_are_masked_and_all_else_stays_byte_for_byte(string body, string masked)
    {
        var exchange = Mask("POST / HTTP/1.1\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 999\r\n", body);

        Assert.Equal(masked, Body(exchange.Request));
        Assert.Equal(masked != body, exchange.Marks.HasFlag(ExchangeMarks.Masked));
        Assert.Contains(masked == body ? "Content-Length: 999\r\n" : $"Content-Length: {masked.Length}\r\n", Head(exchange.Request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.users[*].name", "{\"users\":[{\"name\":\"a\",\"x\":{\"name\":\"b\"}},{\"name\":7}]}", "{\"users\":[{\"name\":\"***\",\"x\":{\"name\":\"b\"}},{\"name\":\"***\"}]}")]
    [InlineData("$.users[1]", "{\"users\":[1,{\"a\":[2,true]},3]}", "{\"users\":[1,{\"a\":[\"***\",\"***\"]},3]}")]
    [InlineData("$.users[2]", "{\"users\":[null,[1],5]}", "{\"users\":[null,[1],\"***\"]}")]
    [InlineData("$.*.id", "{\"a\":{\"id\":1},\"b\":{\"id\":2,\"c\":3}}", "{\"a\":{\"id\":\"***\"},\"b\":{\"id\":\"***\",\"c\":3}}")]
    [InlineData("$['a name'][0]", "{\"a name\":[1,2]}", "{\"a name\":[\"***\",2]}")]
    [InlineData("$", "[1,{\"a\":\"b\"}]", "[\"***\",{\"a\":\"***\"}]")]
    [InlineData("$", "5", "\"***\"")]
    [InlineData("$.a", "[{\"a\":1}]", "[{\"a\":1}]")]
    public void A_path_leads_to_what_is_masked(string path, string body, string masked) =>
        Assert.Equal(masked, Body(Mask("POST / HTTP/1.1\r\nContent-Type: application/json\r\n", body, Rules(MaskRules.None, $"json:{path}")).Request));

    [Theory]
    [InlineData("application/json", "{\"password\":\"x")]
    [InlineData("application/json", "{\"password\":x}")]
    [InlineData("text/plain", "{\"password\":\"x\"")]
    [InlineData("", "{'password':'x'}")]
    [InlineData("application/x-www-form-urlencoded", "{\"password\":\"x\"")]
    [InlineData("multipart/form-data", "--b\r\n\r\n")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=password\r\n\r\nx")]
    [InlineData("application/json\r\nContent-Encoding: gzip", "{\"password\":\"x\"}")]
    [InlineData("application/json\r\nContent-Encoding: zstd", "{\"password\":\"x\"}")]
    public void A_body_that_can_not_be_looked_through_is_dropped_and_counted(string type, string body)
    {
        var sink = new Sink();
        var masking = new Masking(MaskRules.Default, sink);
        masking.Take(Post($"POST / HTTP/1.1\r\nContent-Type: {type}\r\n", Encoding.UTF8.GetBytes(body)));

        var exchange = Assert.Single(sink.Taken);
        Assert.Equal((0, body.Length), (exchange.Request.Body.Length, (int)exchange.Request.BodyLength));
        Assert.Equal(ExchangeMarks.Masked | ExchangeMarks.RequestCut, exchange.Marks);
        Assert.Equal(1, masking.Counts["bodies-dropped"]);
    }

    [Fact]
    public void Of_JSON_that_is_cut_anywhere_no_secret_is_left()
    {
        const string Whole = "{\"a\":[1,{\"password\":\"hush-hush\",\"b\":\"c\"}],\"token\":12345,\"z\":\"end\"}";
        for (var length = 0; length <= Whole.Length; length++)
        {
            var exchange = Post("POST / HTTP/1.1\r\nContent-Type: application/json\r\n", Encoding.UTF8.GetBytes(Whole[..length]));
            exchange.Request = exchange.Request with { BodyLength = 500 };
            var masked = Mask(exchange, MaskRules.Default).Request;

            Assert.DoesNotContain("hu", Body(masked), StringComparison.Ordinal);
            Assert.DoesNotContain("12", Body(masked), StringComparison.Ordinal);
            Assert.Equal(500, masked.BodyLength);
        }
    }

    [Fact]
    public void Forms_are_masked_by_the_names_of_their_fields()
    {
        Assert.Equal("user=ann&password=***&x=1", Body(Mask("POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n", "user=ann&password=p%26w&x=1").Request));
        const string Parts = "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nann\r\n--b\r\nContent-Disposition: form-data; filename=\"a;b\"; name=\"password\"\r\n\r\nhush\r\n--b--\r\n";
        Assert.Equal(Parts.Replace("hush", "***"), Body(Mask("POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=\"b\"\r\n", Parts).Request));
    }

    [Fact]
    public void A_packed_body_is_masked_and_stored_unpacked_with_fields_that_fit()
    {
        var exchange = Post("POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-MD5: x\r\nContent-Length: 50\r\nHost: x\r\n", Gzip("{\"password\":\"hush\"}"));

        var masked = Mask(exchange, MaskRules.Default).Request;

        Assert.Equal("{\"password\":\"***\"}", Body(masked));
        Assert.Equal("POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 18\r\nHost: x\r\n", Head(masked));
        Assert.Equal(18, masked.BodyLength);
    }

    [Fact]
    public void A_packed_body_without_secrets_stays_as_it_came()
    {
        var body = Gzip("{\"user\":\"ann\"}");
        var exchange = Mask(Post("POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n", body), MaskRules.Default);

        Assert.Equal(body, exchange.Request.Body.ToArray());
        Assert.Equal(ExchangeMarks.None, exchange.Marks);
    }

    [Fact]
    public void A_body_that_unpacks_to_gigabytes_is_cut()
    {
        var bomb = Gzip($"[\"{new string('x', 100_000_000)}\",{{\"password\":\"hush\"}}]");
        var exchange = Mask(Post("POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n", bomb), MaskRules.Default);

        Assert.True(exchange.Request.Body.Length <= BodyMasking.MaxDecoded);
        Assert.True(exchange.Marks.HasFlag(ExchangeMarks.RequestCut));
    }

    [Fact]
    public void Patterns_mask_in_targets_fields_and_bodies_but_never_what_frames_a_message()
    {
        var rules = Rules(MaskRules.None, @"regex:\d{4}");
        var exchange = Mask("POST /card/1234?n=5678 HTTP/1.1\r\nContent-Length: 1000\r\nX-Card: 1234-5678\r\nContent-Type: text/html\r\n", "é 4111 4111", rules);

        Assert.Equal("POST /card/***?n=*** HTTP/1.1\r\nContent-Length: 12\r\nX-Card: ***-***\r\nContent-Type: text/html\r\n".Replace("12\r", "10\r"), Head(exchange.Request));
        Assert.Equal("é *** ***", Body(exchange.Request));
        Assert.Equal([0xFF, (byte)'*', (byte)'*', (byte)'*', 0xFE], Mask(Post("POST / HTTP/1.1\r\n", [0xFF, .. "1234"u8, 0xFE]), rules).Request.Body.ToArray());
    }

    [Fact]
    public void With_a_hash_equal_values_stay_equal_wherever_they_are_and_differ_from_capture_to_capture()
    {
        var rules = MaskRules.Default with { Hash = true };
        var sink = new Sink();
        var masking = new Masking(rules, sink);
        masking.Take(Post("POST /a?token=t%3D1 HTTP/1.1\r\nAuthorization: Bearer t=1\r\nContent-Type: application/json\r\n", "{\"token\":\"t\\u003d1\",\"pin\":\"other\"}"u8.ToArray()));
        var request = sink.Taken[0].Request;
        var word = System.Text.RegularExpressions.Regex.Match(Head(request), "token=([*0-9a-f]+)").Groups[1].Value;

        Assert.Equal(19, word.Length);
        Assert.Contains($"Bearer {word}\r", Head(request), StringComparison.Ordinal);
        Assert.Contains($"\"token\":\"{word}\"", Body(request), StringComparison.Ordinal);
        Assert.DoesNotContain($"\"pin\":\"{word}\"", Body(request), StringComparison.Ordinal);
        Assert.DoesNotContain(word, Head(Mask("GET /a?token=t%3D1 HTTP/1.1\r\n", "", rules).Request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*2\r\n$4\r\nAUTH\r\n$4\r\nhush\r\n*1\r\n$4\r\nPING\r\n", "*2\r\n$4\r\nAUTH\r\n$4\r\n****\r\n*1\r\n$4\r\nPING\r\n")]
    [InlineData("*5\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$4\r\nauth\r\n$3\r\nann\r\n$4\r\nhush\r\n", "*5\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$4\r\nauth\r\n$3\r\n***\r\n$4\r\n****\r\n")]
    [InlineData("AUTH hush\r\n", "AUTH ****\r\n")]
    [InlineData("*2\r\n$3\r\nGET\r\n$4\r\nhush\r\n", "*2\r\n$3\r\nGET\r\n$4\r\nhush\r\n")]
    [InlineData("*2\r\n$4\r\nAUTH\r\n$400\r\nhu", "*2\r\n$4\r\nAUTH\r\n$400\r\n**")]
    public void Passwords_of_Redis_are_masked_in_their_length(string turn, string masked)
    {
        var exchange = new CapturedExchange { Protocol = TrafficProtocol.Tcp, Request = new(default, Encoding.ASCII.GetBytes(turn), turn.Length) };

        Assert.Equal(masked, Body(Mask(exchange, MaskRules.Default).Request));
    }

    [Fact]
    public void What_is_to_be_kept_is_kept_and_all_bodies_can_be_left_out()
    {
        var rules = MaskSpec.Read(MaskRules.Default, ["name:phone"], ["cookie:lang", "json:page_token", "header:X-Session-*"], out var problems);
        Assert.Empty(problems);
        var exchange = Mask("POST /a?phone=1 HTTP/1.1\r\nCookie: lang=en; sid=1\r\nX-Session-Kind: new\r\nContent-Type: application/json\r\n", "{\"page_token\":1,\"phone\":2}", rules);
        Assert.Equal("POST /a?phone=*** HTTP/1.1\r\nCookie: lang=en; sid=***\r\nX-Session-Kind: new\r\nContent-Type: application/json\r\n", Head(exchange.Request));
        Assert.Equal("{\"page_token\":1,\"phone\":\"***\"}", Body(exchange.Request));

        var without = Mask("POST / HTTP/1.1\r\n", "anything", Rules(MaskRules.None, "body"));
        Assert.Equal((0, 8, ExchangeMarks.Masked | ExchangeMarks.RequestCut), (without.Request.Body.Length, (int)without.Request.BodyLength, without.Marks));
    }

    [Theory]
    [InlineData("passwords")]
    [InlineData("header:")]
    [InlineData("json:$..a")]
    [InlineData("regex:(a")]
    [InlineData(@"regex:(a)\1")]
    [InlineData("regex:")]
    public void A_mask_that_can_not_be_understood_is_told(string mask)
    {
        MaskSpec.Read(MaskRules.Default, [mask], [], out var problems);
        Assert.Single(problems);
    }

    [Fact]
    public void Nothing_masked_means_the_same_bytes_and_without_rules_the_same_object()
    {
        var exchange = Exchanges.Get(1, 0, 0);
        Assert.Equal(Exchanges.Text(exchange), Exchanges.Text(Mask(exchange, MaskRules.Default)));
    }

    private static MaskRules Rules(MaskRules from, params string[] masks)
    {
        var rules = MaskSpec.Read(from, masks, [], out var problems);
        Assert.Empty(problems);
        return rules;
    }

    private static CapturedExchange Mask(string head, string body, MaskRules? rules = null) => Mask(Post(head, Encoding.UTF8.GetBytes(body)), rules ?? MaskRules.Default);

    private static CapturedExchange Mask(CapturedExchange exchange, MaskRules rules)
    {
        var sink = new Sink();
        new Masking(rules, sink).Take(exchange);
        return Assert.Single(sink.Taken);
    }

    private static CapturedExchange Post(string head, byte[] body) => new() { Request = new(Encoding.Latin1.GetBytes(head), body, body.Length) };

    private static string Head(CapturedMessage message) => Encoding.Latin1.GetString(message.Head.Span);

    private static string Body(CapturedMessage message) => Encoding.UTF8.GetString(message.Body.Span);

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
