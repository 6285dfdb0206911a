using System.IO.Compression;

namespace Pressure.TrafficCopy.Tests;

public class AnswerComparisonTests
{
    [Fact]
    public void The_same_answer_does_not_differ()
    {
        var answer = AnswerText.Json("""{"a":[1,2,{"b":null}]}""", "Set-Cookie: session=1", "X-Powered-By: love");

        Assert.Empty(AnswerText.Compare(answer, answer));
    }

    [Fact]
    public void Another_status_is_all_that_is_said()
    {
        var ok = AnswerText.Json("""{"a":1}""", "Cache-Control: public");
        var error = AnswerText.Of(503, "<h1>Sorry</h1>"u8.ToArray(), "Content-Type: text/html");

        Assert.Equal(["status changed: 200 -> 503"], AnswerText.Compare(ok, error));
        Assert.Empty(AnswerText.Compare(ok, error, "status"));
    }

    [Fact]
    public void Reason_and_version_do_not_matter()
    {
        var one = new CapturedMessage("HTTP/1.1 200 OK\r\nA: b\r\n"u8.ToArray(), default, 0);
        var two = new CapturedMessage("HTTP/2 200\r\na: b\r\n"u8.ToArray(), default, 0);

        Assert.Empty(AnswerText.Compare(one, two));
    }

    [Fact]
    public void Header_fields_differ_by_name_in_any_case()
    {
        var expected = AnswerText.Of("x", "cache-control: public", "VARY: Accept", "X-Gone: 1");
        var actual = AnswerText.Of("x", "Cache-Control: private", "Vary: Accept", "x-new: 2");

        Assert.Equal(["header:Cache-Control changed: public -> private", "header:X-Gone missing: 1 -> -", "header:X-New added: - -> 2"], AnswerText.Compare(expected, actual));
    }

    [Fact]
    public void What_differs_by_nature_is_passed_over()
    {
        var expected = AnswerText.Of("x", "Date: Mon", "Age: 3", "Connection: close", "Server-Timing: db;dur=3", "Content-Length: 1", "X-Request-Id: 17", "ETag: \"a\"", "Expires: Tue");
        var actual = AnswerText.Of("x", "Date: Tue", "Transfer-Encoding: chunked", "ETag: \"b\"", "Expires: Wed");

        Assert.Empty(AnswerText.Compare(expected, actual));
    }

    [Fact]
    public void A_version_of_the_content_has_to_be_there_whatever_it_says() =>
        Assert.Equal(["header:Etag missing: \"a\" -> -"], AnswerText.Compare(AnswerText.Of("x", "ETag: \"a\""), AnswerText.Of("x")));

    [Fact]
    public void What_is_passed_over_by_default_can_be_asked_for()
    {
        var (expected, actual) = (AnswerText.Of("x", "ETag: \"a\"", "Via: one"), AnswerText.Of("x", "ETag: \"b\"", "Via: two"));

        Assert.Equal(["header:Etag changed: \"a\" -> \"b\"", "header:Via changed: one -> two"], AnswerText.Compare(expected, actual, "!header:etag", "!header:Via"));
    }

    [Fact]
    public void The_length_counts_where_there_is_no_body_to_compare()
    {
        var (expected, actual) = (AnswerText.Of("", "Content-Length: 10"), AnswerText.Of("", "Content-Length: 11"));

        Assert.Equal(["header:Content-Length changed: 10 -> 11"], AnswerText.Compare(expected, actual));
    }

    [Fact]
    public void The_type_of_the_content_is_compared_by_what_it_says() =>
        Assert.Empty(AnswerText.Compare(AnswerText.Of("x", "Content-Type: text/html; charset=UTF-8"), AnswerText.Of("x", "content-type: Text/HTML;charset=\"utf-8\"")));

    [Fact]
    public void Cookies_are_compared_by_name_and_by_what_guards_them()
    {
        var expected = AnswerText.Of("x", "Set-Cookie: session=1; Path=/; HttpOnly; Secure; Max-Age=60", "Set-Cookie: cart=3", "Set-Cookie: gone=1");
        var actual = AnswerText.Of("x", "Set-Cookie: cart=9", "Set-Cookie: session=2; path=/; httponly; max-age=5", "Set-Cookie: new=1");

        Assert.Equal(
            ["cookie:session changed: httponly; max-age; path=/; secure -> httponly; max-age; path=/", "cookie:gone missing:  -> -", "cookie:new added: - -> "],
            AnswerText.Compare(expected, actual));
        Assert.Empty(AnswerText.Compare(expected, actual, "header:Set-Cookie"));
        Assert.Equal(2, AnswerText.Compare(expected, actual, "cookie:session").Count);
    }

    [Fact]
    public void Ignored_fields_are_passed_over_single_and_by_their_beginning()
    {
        var (expected, actual) = (AnswerText.Of("x", "X-Trace-A: 1", "X-Trace-B: 2", "X-Node: a"), AnswerText.Of("x", "X-Trace-A: 2", "X-Node: b"));

        Assert.Empty(AnswerText.Compare(expected, actual, "header:x-trace-*", "header:X-Node"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("raw")]
    [InlineData("br")]
    public void A_body_is_compared_decoded(string coding)
    {
        const string body = """{"price":10,"name":"a rather long name, so that it is worth it"}""";
        var name = coding == "raw" ? "deflate" : coding;
        var zipped = AnswerText.Zipped(body, to => coding switch
        {
            "gzip" => new GZipStream(to, CompressionMode.Compress),
            "deflate" => new ZLibStream(to, CompressionMode.Compress),
            "br" => new BrotliStream(to, CompressionMode.Compress),
            _ => new DeflateStream(to, CompressionMode.Compress),
        });
        var expected = AnswerText.Of(200, zipped, "Content-Type: application/json", $"Content-Encoding: {name}");

        Assert.Equal([$"header:Content-Encoding missing: {name} -> -", "$.price changed: 10 -> 11"], AnswerText.Compare(expected, AnswerText.Json(body.Replace("10", "11", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_coding_that_is_not_known_is_said_and_the_rest_compared()
    {
        var found = AnswerText.Differences(AnswerText.Of("abc", "Content-Encoding: zstd", "A: 1"), AnswerText.Of("abd", "Content-Encoding: zstd", "A: 2"));

        Assert.Equal(LeftOut.Encoding, found.LeftOut);
        Assert.Equal(["header:A"], found.Found.Select(d => d.Field));
    }

    [Fact]
    public void What_a_bomb_becomes_is_looked_at_up_to_a_limit()
    {
        var bomb = AnswerText.Of(200, AnswerText.Gzip(new string('x', 40 << 20)), "Content-Encoding: gzip", "Content-Type: text/plain");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var found = AnswerText.Differences(bomb, AnswerText.Of("y", "Content-Encoding: identity", "Content-Type: text/plain"));

        Assert.True(found.LeftOut.HasFlag(LeftOut.Large));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * BodyComparison.MostDecoded);
    }

    [Fact]
    public void Text_differs_where_it_first_does()
    {
        var (expected, actual) = (AnswerText.Of("<h1>Hello, world</h1>", "Content-Type: text/html"), AnswerText.Of("<h1>Hello, there</h1>", "Content-Type: text/html"));

        Assert.Equal(["body changed: 11/21: <h1>Hello, world</h1> -> 11/21: <h1>Hello, there</h1>"], AnswerText.Compare(expected, actual));
        Assert.Empty(AnswerText.Compare(expected, actual, "body"));
        Assert.Empty(AnswerText.Compare(expected, actual, "body~world|there"));
    }

    [Fact]
    public void Text_that_only_goes_on_differs_in_length() =>
        Assert.Equal(["body length: 3/3: abc -> 3/5: abcde"], AnswerText.Compare(AnswerText.Of("abc", "Content-Type: text/plain"), AnswerText.Of("abcde", "Content-Type: text/plain")));

    [Fact]
    public void Bytes_differ_by_length_and_content()
    {
        var longer = AnswerText.Compare(AnswerText.Of(200, [0, 1, 2]), AnswerText.Of(200, [0, 1, 2, 3]));
        var other = AnswerText.Compare(AnswerText.Of(200, [0, 1, 2]), AnswerText.Of(200, [0, 1, 3]));

        Assert.StartsWith("body length: 3 B, SHA-256 ae4b3280e56e2faf… -> 4 B, SHA-256 054edec1d0211f62…", Assert.Single(longer), StringComparison.Ordinal);
        Assert.StartsWith("body changed: 3 B", Assert.Single(other), StringComparison.Ordinal);
    }

    [Fact]
    public void Forms_are_compared_value_by_value()
    {
        static CapturedMessage Form(string body) => AnswerText.Of(body, "Content-Type: application/x-www-form-urlencoded");

        Assert.Equal(
            ["form:b changed: 2 3 -> 4", "form:c missing:  -> -", "form:d added: - -> %"],
            AnswerText.Compare(Form("a=1&b=2+3&c&token=x"), Form("token=y&d=%25&b=4&a=%31"), "form:token"));
    }

    [Fact]
    public void A_form_of_too_many_values_is_compared_as_text()
    {
        static CapturedMessage Form(int last) => AnswerText.Of(string.Join('&', Enumerable.Range(0, 5_000).Select(i => "a=1")) + $"&z={last}", "Content-Type: application/x-www-form-urlencoded");

        Assert.Equal(("body", DifferenceKind.Changed), AnswerText.Differences(Form(1), Form(2)).Found is [var only] ? (only.Field, only.Kind) : default);
    }

    [Fact]
    public void Something_of_another_kind_is_one_difference()
    {
        var found = AnswerText.Compare(AnswerText.Of("""{"a":1}""", "Content-Type: application/json"), AnswerText.Of("<p>no</p>", "Content-Type: text/html"));

        Assert.Equal(["header:Content-Type changed: application/json -> text/html", """body type: JSON: {"a":1} -> text/html: <p>no</p>"""], found);
    }

    [Fact]
    public void Of_a_body_that_was_cut_the_beginnings_are_compared()
    {
        var cut = new CapturedMessage("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"u8.ToArray(), "abcdef"u8.ToArray(), 600);
        CapturedMessage Whole(string text) => AnswerText.Of(text, "Content-Type: text/plain");

        Assert.Empty(AnswerText.Compare(cut, Whole("abcdef and so on")));
        Assert.Single(AnswerText.Compare(cut, Whole("abcdeX and so on")));
        Assert.Equal(["body length: 3/6: abcdef -> 3/3: abc"], AnswerText.Compare(cut, Whole("abc")));
        Assert.Equal(LeftOut.Cut, AnswerText.Differences(cut, Whole("abcdef")).LeftOut);
    }

    [Fact]
    public void Of_json_that_was_cut_only_the_head_is_compared()
    {
        var cut = new CapturedMessage("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"u8.ToArray(), """{"time":1,"a":"""u8.ToArray(), 600);

        Assert.Empty(AnswerText.Compare(cut, AnswerText.Json("""{"time":2,"a":5}""")));
    }

    [Fact]
    public void Raw_turns_are_compared_by_their_bytes()
    {
        Assert.Empty(AnswerText.Compare(AnswerText.Raw("+PONG\r\n"u8.ToArray()), AnswerText.Raw("+PONG\r\n"u8.ToArray())));
        Assert.Equal(["body changed: 1/7: +PONG\r\n -> 1/7: +OK__\r\n"], AnswerText.Compare(AnswerText.Raw("+PONG\r\n"u8.ToArray()), AnswerText.Raw("+OK__\r\n"u8.ToArray())));
    }

    [Fact]
    public void What_was_masked_in_a_capture_is_not_compared()
    {
        var expected = AnswerText.Json("""{"card":"***","mail":"a***@x","name":"Li","pin":"***"}""", "Set-Cookie: session=***; Path=/", "X-User: ***");
        var actual = AnswerText.Json("""{"card":"4111","mail":"anna@x","name":"Wu","pin":17}""", "Set-Cookie: session=1; Path=/", "X-User: 3");
        var comparison = new AnswerComparison(ComparisonRules.Default);

        var found = comparison.Compare(expected, actual, isMasked: true);

        Assert.Equal(("$.name", LeftOut.Masked), (Assert.Single(found.Found).Field, found.LeftOut));
        Assert.Equal(5, comparison.Compare(expected, actual).Found.Count);
        Assert.Empty(comparison.Compare(AnswerText.Of("token=*** and so on"), AnswerText.Of("token=17 and so on"), isMasked: true).Found);
    }

    [Fact]
    public void Differences_of_an_answer_are_shortened_and_bounded()
    {
        var expected = AnswerText.Json("{" + string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"a{i}\":\"{new string('x', 1_000)}\"")) + "}");

        var found = AnswerText.Differences(expected, AnswerText.Json("{}"));

        Assert.Equal((AnswerDifferences.Most, true), (found.Found.Count, found.HasMore));
        Assert.All(found.Found, d => Assert.InRange(d.Expected!.Length, 1, 200));
    }
}
