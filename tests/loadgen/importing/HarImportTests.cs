using System.Text;
using System.Text.Json;
using Pressure.LoadGen.Importing;

namespace Pressure.LoadGen.Tests.Importing;

public sealed class HarImportTests
{
    [Fact]
    public void Entries_become_requests_weighted_by_how_often_they_were_seen()
    {
        var result = Imports.Of(Har(
            Entry("GET", "http://t/", """{"name":":authority","value":"t"},{"name":"Host","value":"t"},{"name":"Accept","value":"text/html"}"""),
            Entry("GET", "http://t/item/1"),
            Entry("GET", "http://t/item/1"),
            Entry("GET", "http://t/list", more: """, "queryString":[{"name":"q","value":"a b"}]"""),
            Entry("POST", "http://t/login", more: """, "postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"name","value":"me"},{"name":"password","value":"x"}]}"""),
            Entry("POST", "http://t/order", more: """, "postData":{"mimeType":"application/json","text":"{\"item\":1,\"card\":{\"token\":\"t\"},\"max_tokens\":5}"}""")));

        Assert.Equal(ImportFormat.Har, result.Format);
        // What redirects led to stands in the recording.
        Assert.Equal(0, Plans.Read(result.Yaml!).Http.Redirects);
        Assert.Equal(
            [
                "GET http://t/ [Accept: text/html]",
                "GET http://t/item/1 x2",
                "GET http://t/list?q=a%20b",
                "POST http://t/login [Content-Type: application/x-www-form-urlencoded] name=me&password=masked",
                """POST http://t/order [Content-Type: application/json] {"item":1,"card":{"token":"masked"},"max_tokens":5}""",
            ],
            Imports.Requests(result));
        Assert.Equal(
            [
                "value of form field 'password': looks like a secret and is written as 'masked'; --keep-secrets keeps it (entry 5)",
                "value of JSON field 'token': looks like a secret and is written as 'masked'; --keep-secrets keeps it (entry 6)",
            ],
            Imports.NotTaken(result));
        Assert.Contains("Think times between the entries are not taken; weights are how often each request was seen.", result.Notes);
    }

    [Fact]
    public void What_cannot_be_taken_over_is_told_line_by_line()
    {
        var result = Imports.Of(Har(
            Entry("GET", "http://t/", """{"name":"User-Agent","value":"Mozilla"},{"name":"sec-fetch-mode","value":"navigate"},{"name":"If-None-Match","value":"x"},{"name":"cookie","value":"a=1"},{"name":"X-Csrf-Token","value":"a"},{"name":"Connection","value":"keep-alive"}"""),
            Entry("GET", "http://cdn.test/a.js"),
            Entry("GET", "http://cdn.test/b.js"),
            Entry("GET", "data:image/png;base64,AAAA"),
            Entry("GET", "wss://t/live"),
            Entry("GET", "http://t/cached", outer: """, "_fromCache":"memory" """),
            Entry("GET", "http://t/blocked", status: 0),
            Entry("POST", "http://t/up", more: """, "postData":{"mimeType":"multipart/form-data; boundary=x","text":"--x"}"""),
            """{ "request": { "method": "GET" } }""",
            "null"));

        Assert.Equal(["GET http://t/"], Imports.Requests(result));
        Assert.Equal(
            [
                "header User-Agent: the browser's own, not the service's (entry 1)",
                "header sec-fetch-mode: the browser's own, not the service's (entry 1)",
                "header If-None-Match: it asks on behalf of a browser's cache; load asks for the whole answer (entry 1)",
                "GET http://t/cached: it came from the browser's cache (entry 6)",
                "GET http://t/blocked: it was blocked or broken off, and has no answer (entry 7)",
                "POST http://t/up: sends a multipart form, which is not taken over; write it as multipart (entry 8)",
                "entry: it has no request with method and url (2 times, first at entry 9)",
                "GET data:image/png;base64,AAAA: 'data' is neither http nor https (entry 4)",
                "GET wss://t/live: 'wss' is neither http nor https (entry 5)",
                "requests to cdn.test: another host than t; --host cdn.test takes it instead (2 times, first at entry 2)",
                "header cookie: holds credentials; --keep-secrets keeps it (entry 1)",
                "header X-Csrf-Token: holds credentials; --keep-secrets keeps it (entry 1)",
                "header Connection: Pressure sets it itself (entry 1)",
            ],
            Imports.NotTaken(result));
    }

    [Fact]
    public void Static_files_are_left_out_when_asked()
    {
        var result = Imports.Of(Har(Entry("GET", "http://t/"), Entry("GET", "http://t/a.css?v=1"), Entry("GET", "http://t/b.woff2")), new() { NoStatic = true });

        Assert.Equal(["GET http://t/"], Imports.Requests(result));
        Assert.Equal(["static files: left out by --no-static (2 times, first at entry 2)"], Imports.NotTaken(result));
    }

    [Theory]
    [InlineData("""{"log":{"entries":[{"request":{"method":"GET","url":"http://t/""", "source:1:63: the JSON ends too early. Save the file again; it may have been cut off or edited.")]
    [InlineData("""{"log":{"entries":{}}}""", "source: log.entries: is missing or no list. Save the HAR again, or check --from.")]
    [InlineData("""{"log":{"entries":[]}}""", "source: it holds no request that can be taken. See what was left out and why, or check --from.")]
    public void A_broken_archive_is_a_problem_at_its_place(string har, string problem) =>
        Assert.Equal(problem, Imports.Problem(Imports.Of(har)));

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var problem = Imports.Problem(Imports.Of("""{"log":""" + new string('[', 100_000), new() { From = ImportFormat.Har }));

        Assert.StartsWith("source:1:", problem, StringComparison.Ordinal);
        Assert.EndsWith("Save the file again; it may have been cut off or edited.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_encodings_are_read_by_their_mark_or_refused_at_their_place()
    {
        var har = Har(Entry("GET", "http://t/商"));
        byte[] utf16 = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(har)];
        byte[] latin = [.. Encoding.Latin1.GetBytes("{\"log\":\n\""), 0xe4];

        Assert.Equal(["GET http://t/%E5%95%86"], Imports.Requests(Imports.Of(utf16)));
        Assert.Equal("source:2:2: the text is not UTF-8. Save it as UTF-8.", Imports.Problem(Imports.Of(latin, new() { From = ImportFormat.Har })));
    }

    internal static string Har(params string[] entries) => $$$"""{"log":{"version":"1.2","entries":[{{{string.Join(",\n", entries)}}}]}}""";

    internal static string Entry(string method, string url, string headers = "", string more = "", string outer = "", int status = 200) =>
        $$$"""{"request":{"method":"{{{method}}}","url":{{{JsonSerializer.Serialize(url)}}},"headers":[{{{headers}}}]{{{more}}} },"response":{"status":{{{status}}} }{{{outer}}} }""";
}
