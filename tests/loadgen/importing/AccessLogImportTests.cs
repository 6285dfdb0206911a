using System.IO.Compression;
using System.Text;
using Pressure.LoadGen.Importing;

namespace Pressure.LoadGen.Tests.Importing;

public sealed class AccessLogImportTests
{
    private static readonly ImportOptions Target = new() { Target = "http://127.0.0.1:5080" };

    [Theory]
    [InlineData("""127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326""", "GET /a.gif")]
    [InlineData("""::1 - - [10/Oct/2000:13:55:36 +0000] "HEAD /x?y=1 HTTP/1.1" 200 0 "http://r/" "agent [x]" 0.004 upstream""", "HEAD /x?y=1")]
    [InlineData("""10.0.0.1 - odd [user] name [10/Oct/2000:13:55:36 +0000] "GET /u HTTP/2.0" 302 -""", "GET /u")]
    [InlineData("""10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "GET /s?q=\"tea\" HTTP/1.1" 200 5""", "GET /s?q=%5C%22tea%5C%22")]
    [InlineData("""10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "GET /\xE5\x95\x86 HTTP/1.1" 200 5""", "GET /%E5%95%86")]
    [InlineData("""10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "GET /商?token=abc HTTP/1.1" 200 5""", "GET /%E5%95%86?token=masked")]
    [InlineData("""10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "GET //a b HTTP/1.1" 500 5""", "GET //a%20b")]
    [InlineData("""10.0.0.1 - - [10/Oct/2000:13:55:60 +0000] "GET /leap HTTP/1.1" 429 5""", "GET /leap")]
    public void A_line_becomes_a_request(string line, string request)
    {
        var result = Imports.Of(line + "\r\n", Target);

        Assert.Equal(ImportFormat.Log, result.Format);
        var only = Assert.Single(Imports.Plan(result).Requests);
        Assert.Equal(request, $"{only.Method} {only.Url.PathAndQuery}");
    }

    [Fact]
    public void What_is_not_taken_is_counted()
    {
        var result = Imports.Of(
            [
                .. Text(Line("00:00:01", "GET /"), "torn 200 5", Line("00:00:01", "POST /order"), Line("00:00:01", "POST /order"), Line("00:00:01", "PURGE /x"),
                    Line("00:00:01", "GET /wp", 404), Line("00:00:01", "GET /wp", 404), Line("00:00:01", "GET /admin", 403), "", Line("00:00:01", "GET http://other/"), Line("00:00:01", @"\x16\x03\x01"), Line("00:00:61", "GET /"),
                    Line("00:00:01", "GET /" + new string('x', 3_000)), Line("00:00:01", "GET /" + new string('x', 70_000))),
                0xff, 0xfe, 0x00, (byte)'\n',
            ],
            Target);

        Assert.Equal(["GET http://127.0.0.1:5080/"], Imports.Requests(result));
        Assert.Equal(
            [
                "lines of another kind: not of the common or combined format (3 times, first at line 2)",
                "lines without a request: what was asked is no HTTP request for a path (scanners, TLS on the plain port, proxy requests) (2 times, first at line 10)",
                "requests with long URLs: longer than 2,048 characters (line 13)",
                "lines that are too long: longer than 64 KiB (line 14)",
                "POST requests: logs hold no bodies, so only GET and HEAD are taken (2 times, first at line 3)",
                "PURGE requests: logs hold no bodies, so only GET and HEAD are taken (line 5)",
                "requests answered 403: the service refused them; load made of refusals says little (line 8)",
                "requests answered 404: the service refused them; load made of refusals says little (2 times, first at line 6)",
            ],
            Imports.NotTaken(result));
    }

    [Fact]
    public void The_load_is_the_busiest_hour_derived_from_the_days_page_views()
    {
        // 90 pages and 10 files between 20:00 and 21:00, 60 pages from 10:00 to 11:00, and a quieter day; out of order.
        var lines = Enumerable.Range(0, 60).Select(i => Line($"20:{i:00}:00", $"GET /item/{i % 3}"))
            .Concat(Enumerable.Range(0, 30).Select(i => Line($"20:{i:00}:30", "GET /")))
            .Concat(Enumerable.Range(0, 10).Select(i => Line($"20:07:0{i % 2}", "GET /a.css")))
            .Concat(Enumerable.Range(0, 60).Select(i => Line($"10:{i:00}:59", "GET /")))
            .Concat(Enumerable.Range(0, 50).Select(_ => Line("12:00:00", "GET /", day: "02")));
        var result = Imports.Of(string.Join('\n', lines), Target);

        var views = Assert.IsType<Load.FromPageViews>(Imports.Plan(result).Load).Views;
        Assert.Equal((150, 0.6, 1.0 / 24, 1.111111), (views.PerDay, views.Share, views.Window, Math.Round(views.RequestsPerPage, 6)));
        Assert.Equal(100 / 3600.0, views.Derive().Qps, 1e-8);
        Assert.Contains("Page views of 2024-05-01: 150 (GET answered 2xx or 304, no file by its extension, not below /api, /rest, /graphql or /static).", result.Notes);
        Assert.Contains("Busiest hour: 2024-05-01 20:00 +0800 with 100 requests and 90 page views: 0.03 requests per second.", result.Notes);
        Assert.Contains("Busiest second: 2024-05-02 12:00:00 +0800 with 50 requests; --peak asks for that rate.", result.Notes);
        Assert.Contains("# Busiest second: 2024-05-02 12:00:00 +0800 with 50 requests; --peak asks for that rate.\n", result.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void The_busiest_second_is_the_load_when_asked()
    {
        var lines = Enumerable.Range(0, 40).Select(i => Line($"20:00:{(i < 25 ? 7 : i):00}", "GET /"));

        Assert.Equal(25, Assert.IsType<Load.Constant>(Imports.Plan(Imports.Of(string.Join('\n', lines), Target with { Peak = true })).Load).Rate.PerSecond);
    }

    [Fact]
    public void A_service_without_pages_is_loaded_by_its_rate_of_requests()
    {
        var lines = Enumerable.Range(0, 20).Select(i => Line($"20:00:{i:00}", "GET /api/items"));

        Assert.Equal(1, Assert.IsType<Load.Constant>(Imports.Plan(Imports.Of(string.Join('\n', lines), Target)).Load).Rate.PerSecond);
    }

    [Fact]
    public void Hours_and_days_are_those_of_the_logs_zone()
    {
        var result = Imports.Of("""10.0.0.1 - - [01/May/2024:00:10:00 +0530] "GET / HTTP/1.1" 200 1""", Target);

        Assert.Contains("Busiest hour: 2024-05-01 00:00 +0530 with 1 requests and 1 page views: 1 requests per second.", result.Notes);
        Assert.Contains(result.Notes, n => n.StartsWith("Page views of 2024-05-01: 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_mix_keeps_the_weight_of_every_pattern()
    {
        var lines = Enumerable.Range(0, 600).Select(i => Line("20:00:00", $"GET /item/{i}")).Concat(Enumerable.Range(0, 300).Select(i => Line("20:00:00", $"GET /s?q={i}"))).Concat(Enumerable.Repeat(Line("20:00:00", "GET /"), 100));
        var plan = Imports.Plan(Imports.Of(string.Join('\n', lines), Target));

        var weights = plan.Scenarios.GroupBy(s => UrlPattern.Of(s.Steps.OfType<Step.Request>().First().Url.PathAndQuery)).ToDictionary(g => g.Key, g => (double)g.Sum(s => s.Weight));
        Assert.Equal(600, weights["/item/{id}"], 0.1);
        Assert.Equal(300, weights["/s?q"], 0.1);
        Assert.Equal(100, weights["/"], 0.1);
        Assert.Equal("GET /item/{id}", plan.Scenarios[0].Name);
    }

    [Fact]
    public void Rare_patterns_share_what_is_left_and_the_whole_weight_is_kept()
    {
        var lines = Enumerable.Range(0, 5_000).Select(i => Line("20:00:00", $"GET /page-{(char)('a' + (i % 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i / 676))}"));
        var result = Imports.Of(string.Join('\n', lines), Target);

        Assert.Equal(5_000, (double)Imports.Plan(result).Scenarios.Sum(s => s.Weight), 0.5);
        Assert.True(result.Taken.Count <= PlanLimits.MostScenarios);
        Assert.Equal(
            [
                "requests of rare patterns: more than 2,000 patterns are not told apart; samples of them carry their weight (3,000 times)",
                "patterns beyond the 80 heaviest: samples of them carry their weight (1,920 times)",
            ],
            Imports.NotTaken(result));
    }

    [Fact]
    public void A_log_of_several_hosts_is_one_hosts()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 5).Select(i => (i < 3 ? "a.test:80 " : "b.test:443 ") + Line("20:00:00", $"GET /{(i < 3 ? "a" : "b")}")));

        Assert.Equal(["GET http://a.test/a x3"], Imports.Requests(Imports.Of(lines)));
        Assert.Equal(["requests to b.test:443: another host; --host takes it instead (2 times)"], Imports.NotTaken(Imports.Of(lines)));
        Assert.Equal(["GET https://b.test/b x2"], Imports.Requests(Imports.Of(lines, new() { Host = "b.test" })));
        Assert.Equal("source: no request goes to host 'c.test'. Its hosts are a.test:80, b.test:443; give one of them to --host.", Imports.Problem(Imports.Of(lines, new() { Host = "c.test" })));
    }

    [Fact]
    public void Gzip_is_undone_and_a_cut_off_end_is_told()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Text([.. Enumerable.Range(0, 20_000).Select(i => Line("20:00:00", $"GET /item/{i * 7919 % 10007}"))]));

        Assert.Contains(Imports.Of(packed.ToArray(), Target).Notes, n => n.StartsWith("20,000 lines, 20,000 requests taken", StringComparison.Ordinal));
        packed.GetBuffer().AsSpan((int)packed.Length / 2, 100).Clear();
        var damaged = Imports.Of(packed.ToArray(), Target);
        Assert.Contains(damaged.NotTaken, n => n.What == "the end of the file");
        Assert.NotNull(damaged.Yaml);
    }

    [Fact]
    public void Utf16_logs_are_read()
    {
        byte[] bytes = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Line("20:00:00", "GET /a"))];

        Assert.Equal(["GET http://127.0.0.1:5080/a"], Imports.Requests(Imports.Of(bytes, Target)));
    }

    [Fact]
    public void Without_a_host_the_target_must_be_given() =>
        Assert.Equal("source: the source does not name the host that its requests go to. Give it: --target http://127.0.0.1:5080", Imports.Problem(Imports.Of(Line("20:00:00", "GET /"))));

    private static string Line(string time, string request, int status = 200, string day = "01") =>
        $"192.0.2.1 - - [{day}/May/2024:{time} +0800] \"{request} HTTP/1.1\" {status} 512 \"-\" \"Mozilla/5.0\"";

    private static byte[] Text(params string[] lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));
}
