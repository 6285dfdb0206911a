using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests;

public sealed class PlanWriterTests
{
    private static readonly Gen<string> Texts = Gen.Elements(
        "plain", "two words", "商品", "a: b", "x #y", "null", "~", "true", "- dash", "{brace}", "[list]", "'single'", "\"double\"", "back\\slash", "50%", "emoji 😀", "007", "a,b", "!tag", "&anchor", "*alias", "key:", "---", "? mark");

    private static readonly Gen<string> Bodies = Gen.OneOf(Texts, Gen.Elements("line\nbreak\n", " spaced ", "tab\there", "\u0085\u2028\u00a0", "\0", "\r\n"));

    private static readonly Gen<KeyValuePair<string, string>> Pairs =
        from key in Texts
        from value in Bodies
        select new KeyValuePair<string, string>(key, value);

    private static readonly Gen<UrlDraft> Urls =
        from method in Gen.Elements(PlanWriter.Methods.ToArray())
        from path in Gen.Elements("/", "/item/1", "/商品/茶", "/a b", "/x?y=1&z=%20", "http://127.0.0.1:81/x")
        from weight in Gen.Choose(1, 500).Select(w => w / 100m)
        from query in Pairs.ListOf()
        from header in Texts.Where(t => t.All(c => c is >= ' ' and <= '~'))
        from body in Gen.OneOf(Bodies.Select(b => (string?)b), Gen.Constant<string?>(null))
        from contains in Gen.OneOf(Bodies, Gen.Constant(""))
        from status in Gen.Elements("", "200", "2xx, 404")
        select new UrlDraft
        {
            Method = method,
            Url = path,
            Weight = weight.ToString(),
            Query = [.. query.Take(3)],
            Headers = [new("X-Test", header), new("Accept", "*/*")],
            Body = body,
            BodyContains = contains,
            Status = status,
        };

    private static readonly Gen<PlanDraft> Drafts =
        from name in Texts
        from urls in Urls.NonEmptyListOf()
        from load in Gen.Choose(0, 2)
        select new PlanDraft
        {
            Name = name,
            Target = "http://127.0.0.1:5080",
            PageViews = load == 0 ? new("300万", "80%", "9h", RequestsPerPage: "2", PerMachine: "58/s") : null,
            Rate = load == 1 ? "500/s" : null,
            Stages = load == 2 ? [new("0/s -> 50/s", "10s"), new("50/s", "1m")] : [],
            Duration = load == 2 ? null : "90s",
            WarmUp = "5s",
            Arrivals = "poisson",
            Urls = [.. urls.Take(4)],
            Thresholds = [new("http_req_duration", "p(95) < 500ms"), new("http_req_failed", "rate < 1%")],
            Http = load == 0 ? new("2s", "1500ms") : null,
        };

    [Fact]
    public void What_is_written_is_read_back() =>
        Prop.ForAll(Drafts.ToArbitrary(), draft =>
        {
            var plan = Plans.Read(PlanWriter.ToYaml(draft));
            Assert.Equal(draft.Name, plan.Name);
            Assert.Equal(draft.PageViews is not null, plan.Load is Load.FromPageViews { Views: { PerDay: 3_000_000, Window: 0.375, RequestsPerPage: 2, PerMachine: 58 } });
            Assert.Equal(draft.Rate is not null, plan.Load is Load.Constant { Rate: { PerSecond: 500 } });
            Assert.Equal(draft.Stages.Count, (plan.Load as Load.Staged)?.Stages.Count ?? 0);
            Assert.Equal((draft.Stages.Count > 0 ? 70 : 90, 5, Arrivals.Poisson), (plan.Duration.TotalSeconds, plan.WarmUp.TotalSeconds, plan.Arrivals));
            Assert.Equal(draft.Http is null ? (5, 10) : (2, 1.5), (plan.Http.ConnectTimeout.TotalSeconds, plan.Http.Timeout.TotalSeconds));
            Assert.Equal(draft.Thresholds, plan.Thresholds.Select(t => new ThresholdDraft(t.Metric, t.Expression)));
            Assert.Equal(draft.Urls.Count, plan.Scenarios.Count);
            foreach (var (url, scenario) in draft.Urls.Zip(plan.Scenarios))
                AssertSame(url, scenario);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Json_is_kept_as_it_means()
    {
        var request = RequestOf(new() { Method = "POST", Url = "/", BodyKind = BodyKind.Json, Body = """{ "a": [1, 2.50, null, true], "b: c": "商 \"x\" #y", "d": {}, "e": "" }""" });

        Assert.Equal("""{"a":[1,2.50,null,true],"b: c":"商 \"x\" #y","d":{},"e":""}""", Plans.BodyOf(request));
        Assert.Equal("application/json", request.Headers[0].Value);
    }

    [Fact]
    public void What_is_not_json_is_a_problem_of_the_body()
    {
        var result = PlanReader.Parse(PlanWriter.ToYaml(Draft(new() { Url = "/", BodyKind = BodyKind.Json, Body = "{ a: " })), "form");

        Assert.Equal("scenarios[0].steps[0].json", Assert.Single(result.Problems).Field);
    }

    [Fact]
    public void A_form_is_sent_urlencoded() =>
        Assert.Equal("a=1%202&a=3", Plans.BodyOf(RequestOf(new() { Method = "POST", Url = "/", Form = [new("a", "1 2"), new("a", "3")] })));

    [Fact]
    public void An_empty_draft_gives_a_plan_that_says_what_is_missing()
    {
        var problems = PlanReader.Parse(PlanWriter.ToYaml(new PlanDraft { Urls = [new()] }), "form").Problems;

        Assert.Equal(["load", "name", "scenarios[0].steps[0].get", "target"], problems.Select(p => p.Field).Order());
    }

    [Fact]
    public void The_yaml_is_what_a_person_would_write()
    {
        var draft = new PlanDraft
        {
            Name = "shop peak",
            Target = "http://127.0.0.1:5080",
            PageViews = new("3000000", "80%", "20%"),
            Duration = "60s",
            Urls =
            [
                new() { Name = "browse", Weight = "7", Url = "/item/1", Headers = [new("Accept", "application/json")], Status = "200" },
                new() { Weight = "3", Method = "POST", Url = "/order", BodyKind = BodyKind.Json, Body = """{ "item": 1 }""", Query = [new("tag", "a"), new("tag", "b")] },
            ],
            Thresholds = [new("http_req_duration", "p(95) < 500ms")],
        };

        Assert.Equal("""
            name: shop peak
            target: http://127.0.0.1:5080
            load:
              pv:
                perDay: 3000000
                share: 80%
                window: 20%
              duration: 60s
            scenarios:
              - name: browse
                weight: 7
                steps:
                  - get: /item/1
                    headers:
                      Accept: application/json
                    check:
                      status: 200
              - name: POST /order
                weight: 3
                steps:
                  - post: /order
                    query:
                      - tag: a
                      - tag: b
                    json: {"item":1}
            thresholds:
              - http_req_duration: p(95) < 500ms

            """.ReplaceLineEndings("\n"), PlanWriter.ToYaml(draft));
    }

    [Theory]
    [InlineData("name", "Name")]
    [InlineData("target", "Target")]
    [InlineData("load", "")]
    [InlineData("load.pv", "PageViews")]
    [InlineData("load.pv.perDay", "PageViews.PerDay")]
    [InlineData("load.rate", "Rate")]
    [InlineData("load.stages", "Stages")]
    [InlineData("load.stages[3].over", "Stages[3].Over")]
    [InlineData("load.stages[3]", "Stages[3]")]
    [InlineData("load.warmUp", "WarmUp")]
    [InlineData("scenarios", "Urls")]
    [InlineData("scenarios[2]", "Urls[2]")]
    [InlineData("scenarios[2].weight", "Urls[2].Weight")]
    [InlineData("scenarios[2].steps[0].get", "Urls[2].Url")]
    [InlineData("scenarios[2].steps[0].headers.Accept", "Urls[2].Headers")]
    [InlineData("scenarios[2].steps[0].query[1].a", "Urls[2].Query")]
    [InlineData("scenarios[2].steps[0].json.a", "Urls[2].Body")]
    [InlineData("scenarios[2].steps[0].body", "Urls[2].Body")]
    [InlineData("scenarios[2].steps[0].form.a", "Urls[2].Form")]
    [InlineData("scenarios[2].steps[0].check.status[1]", "Urls[2].Status")]
    [InlineData("scenarios[2].steps[0].check.body", "Urls[2].BodyContains")]
    [InlineData("thresholds[1]", "Thresholds[1]")]
    [InlineData("http.connectTimeout", "Http.ConnectTimeout")]
    [InlineData("", "")]
    public void A_problem_finds_the_member_that_was_typed(string field, string member) => Assert.Equal(member, PlanDraft.MemberOf(field));

    private static void AssertSame(UrlDraft url, Scenario scenario)
    {
        Assert.Equal(decimal.Parse(url.Weight!), scenario.Weight);
        var request = (Step.Request)Assert.Single(scenario.Steps);
        Assert.Equal(url.Method, request.Method);
        Assert.Equal(ExpectedUrl(url), request.Url.AbsoluteUri);
        Assert.Equal(string.IsNullOrEmpty(url.Body) ? null : url.Body, request.Body is null ? null : Plans.BodyOf(request));
        Assert.Equal(url.Headers[0].Value, request.Headers[0].Value);
        Assert.Equal(string.IsNullOrEmpty(url.BodyContains) ? null : url.BodyContains, request.Checks.OfType<Check.BodyContains>().SingleOrDefault()?.Text);
        Assert.Equal(url.Status!.Split(',', StringSplitOptions.RemoveEmptyEntries).Length, request.Checks.OfType<Check.Status>().SingleOrDefault()?.Ranges.Count ?? 0);
    }

    private static string ExpectedUrl(UrlDraft url)
    {
        var whole = url.Url!.StartsWith('/') ? "http://127.0.0.1:5080" + url.Url : url.Url;
        var query = new StringBuilder(new Uri(whole).AbsoluteUri);
        foreach (var (key, value) in url.Query)
            query.Append(query.ToString().Contains('?') ? '&' : '?').Append(Uri.EscapeDataString(key)).Append('=').Append(Uri.EscapeDataString(value));
        return query.ToString();
    }

    private static Step.Request RequestOf(UrlDraft url) => Plans.Read(PlanWriter.ToYaml(Draft(url))).Requests[0];

    private static PlanDraft Draft(UrlDraft url) => new() { Name = "x", Target = "http://127.0.0.1", Rate = "1/s", Urls = [url] };
}
