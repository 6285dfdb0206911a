using System.Runtime.CompilerServices;
using Pressure.LoadGen.Importing;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Importing;

public sealed class ImporterTests
{
    private static readonly string SampleFolder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "samples", "import"));

    public static TheoryData<string, ImportFormat, int> Samples => new()
    {
        { "shop.har", ImportFormat.Har, 3 },
        { "shop.curl.sh", ImportFormat.Curl, 4 },
        { "shop.openapi.yaml", ImportFormat.OpenApi, 1 },
        { "shop.postman.json", ImportFormat.Postman, 3 },
        { "shop.urls", ImportFormat.Urls, 4 },
        { "shop.access.log", ImportFormat.Log, 18 },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_sample_is_recognised_and_becomes_a_plan(string file, ImportFormat format, int requests)
    {
        var result = Importer.ImportFile(Path.Combine(SampleFolder, file), new() { Target = "http://127.0.0.1:5080" });

        Assert.Equal((format, requests), (result.Format, Imports.Requests(result).Length));
    }

    [Fact]
    public void A_list_of_urls_has_methods_weights_and_comments()
    {
        var result = Imports.Of("""
            # the shop
            http://t/ 10
            // more
            POST http://t/order   2.5  # buys
            /item/1
            http://t/a b c
            GET http://t/x 0
            """);

        Assert.Equal(ImportFormat.Urls, result.Format);
        Assert.Equal(["GET http://t/ x10", "POST http://t/order x2.5", "GET http://t/item/1"], Imports.Requests(result));
        Assert.Equal(
            [
                "'http://t/a b c': not a line such as 'URL', 'METHOD URL' or 'METHOD URL WEIGHT' (line 6)",
                "'GET http://t/x 0': its weight is not above 0 and up to 1,000,000,000 (line 7)",
            ],
            Imports.NotTaken(result));
    }

    [Theory]
    [InlineData("http://t/a?token=abc&x=1", "GET http://t/a?token=masked&x=1", "value of query parameter 'token'")]
    [InlineData("http://t/a?PassWord=abc", "GET http://t/a?PassWord=masked", "value of query parameter 'PassWord'")]
    [InlineData("http://t/a?api_key=abc", "GET http://t/a?api_key=masked", "value of query parameter 'api_key'")]
    [InlineData("http://t/a?x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "GET http://t/a?x=masked", "value of query parameter 'x'")]
    [InlineData("http://t/v/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc/b", "GET http://t/v/masked/b", "token in the path")]
    [InlineData("http://me:pw@t/a", "GET http://t/a", "user name and password in the URL")]
    public void Secrets_in_urls_are_masked_with_a_notice(string url, string request, string what)
    {
        var result = Imports.Of(url);

        Assert.Equal([request], Imports.Requests(result));
        Assert.Equal([what], result.NotTaken.Select(n => n.What));
        Assert.DoesNotContain("abc", result.Yaml + string.Concat(Imports.NotTaken(result)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://t/a?max_tokens=5")]
    [InlineData("http://t/a?token=")]
    [InlineData("http://t/tokens/1")]
    public void What_is_no_secret_stays(string url) => Assert.Equal([$"GET {url}"], Imports.Requests(Imports.Of(url)));

    [Fact]
    public void Of_several_hosts_the_one_with_most_requests_is_taken_unless_another_is_asked_for()
    {
        const string urls = "http://a.test/1\nhttp://a.test/2\nhttps://b.test:8443/3\n";

        Assert.Equal(["GET http://a.test/1", "GET http://a.test/2"], Imports.Requests(Imports.Of(urls)));
        Assert.Equal(["requests to b.test:8443: another host than a.test; --host b.test:8443 takes it instead (line 3)"], Imports.NotTaken(Imports.Of(urls)));
        Assert.Equal(["GET https://b.test:8443/3"], Imports.Requests(Imports.Of(urls, new() { Host = "b.test" })));
        Assert.Equal(["GET http://127.0.0.1:5080/x/3"], Imports.Requests(Imports.Of(urls, new() { Host = "b.test:8443", Target = "http://127.0.0.1:5080/x" })));
        Assert.Equal("source: no request goes to host 'c'. Its hosts are a.test, b.test:8443; give one of them to --host.", Imports.Problem(Imports.Of(urls, new() { Host = "c" })));
    }

    [Theory]
    [InlineData("http://t/a|b{c}^\"商\\", "http://t/a%7Cb%7Bc%7D%5E%22%E5%95%86%5C")]
    [InlineData("http://t/100%?q=5%25", "http://t/100%25?q=5%25")]
    [InlineData("http://t//a//b", "http://t//a//b")]
    [InlineData("http://t?x=1#f", "http://t/?x=1")]
    [InlineData("HTTP://T:80/a", "http://t/a")]
    public void Odd_urls_are_encoded_as_a_plan_needs_them(string url, string encoded) => Assert.Equal([$"GET {encoded}"], Imports.Requests(Imports.Of(url, new() { From = ImportFormat.Urls })));

    [Fact]
    public void More_requests_than_a_plan_holds_are_represented_by_some()
    {
        var result = Imports.Of(string.Join('\n', Enumerable.Range(0, 300).Select(i => $"http://t/item/{i}").Append("http://t/cart 50")));

        var plan = Imports.Plan(result);
        Assert.Equal(PlanLimits.MostScenarios, plan.Scenarios.Count);
        Assert.Equal(350, (double)plan.Scenarios.Sum(s => s.Weight), 1);
        Assert.Equal(["GET /item/{id}: some of its requests stand for all 300; their weight is kept (201 times)"], Imports.NotTaken(result));
    }

    [Fact]
    public void Weights_beyond_the_bound_are_scaled_down()
    {
        var result = Imports.Of(string.Join('\n', Enumerable.Repeat("http://t/a 1000000000", 3).Append("http://t/b 1000000000")));

        Assert.Equal([1_000_000_000m, 333_333_333.333m], result.Taken.Select(t => t.Weight));
    }

    [Fact]
    public void A_body_that_the_plan_cannot_hold_as_json_is_kept_as_text()
    {
        var deep = new string('[', 40) + new string(']', 40);
        var result = Imports.Of($"curl http://t/ -H 'Content-Type: application/json' -d '{deep}'");

        Assert.Equal([$"POST http://t/ [Content-Type: application/json] {deep}"], Imports.Requests(result));
    }

    [Fact]
    public void A_plan_never_grows_larger_than_plans_may_be()
    {
        var commands = Enumerable.Range(0, 6).Select(i => $"curl http://t/{i} -H 'Content-Type: text/plain' -d {new string('x', 1024 * 1024)}");
        var result = Imports.Of(string.Join('\n', commands));

        Assert.Equal(3, Imports.Plan(result).Scenarios.Count);
        Assert.All(Imports.NotTaken(result), n => Assert.Contains("the plan would be larger than plans may be", n, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "source: it is empty. Say what it is: --from har | curl | openapi | postman | urls | log.")]
    [InlineData("hello\nworld", "source: its format is not recognised. Say what it is: --from har | curl | openapi | postman | urls | log.")]
    [InlineData("{}", "source: its format is not recognised. Say what it is: --from har | curl | openapi | postman | urls | log.")]
    public void What_is_not_recognised_is_a_problem(string text, string problem) => Assert.Equal(problem, Imports.Problem(Imports.Of(text)));

    [Theory]
    [InlineData("ftp://x", "source: --target 'ftp://x' is not an http or https URL. Write http://127.0.0.1:5080.")]
    [InlineData("http://x?y=1", "source: --target has a query. Move the query into the steps.")]
    public void A_wrong_target_is_a_problem(string target, string problem) => Assert.Equal(problem, Imports.Problem(Imports.Of("http://t/", new() { Target = target })));

    [Fact]
    public void Missing_files_and_folders_are_problems()
    {
        using var folder = new TempFolder();

        Assert.Contains("there is no such file", Imports.Problem(Importer.ImportFile(Path.Combine(folder.Path, "none"), new())), StringComparison.Ordinal);
        Assert.Contains("this is a folder", Imports.Problem(Importer.ImportFile(folder.Path, new())), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_come_from_the_option_the_title_or_the_file()
    {
        Assert.Equal("mine", Imports.Plan(Imports.Of("http://t/", new() { Name = " mine " })).Name);
        Assert.Equal("source", Imports.Plan(Imports.Of("http://t/")).Name);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
