namespace Pressure.LoadGen.Tests;

public sealed class PlanReaderTests
{
    [Fact]
    public void Everything_a_plan_says_is_read()
    {
        var plan = Plans.Read("""
            name: shop peak
            target: http://127.0.0.1:5080/api
            load: { rate: 20/950ms, duration: 1m30s, warmUp: 5s, arrivals: poisson }
            seed: 7
            http: { version: 1.1, connectTimeout: 1s, timeout: 3s, maxConnections: 100, keepAlive: false, insecure: true }
            hosts: [ local ]
            scenarios:
              - name: browse
                weight: 7
                steps:
                  - get: /item/1?x=1
                    name: item
                    service: items
                    query: { q: 商品, size: 2 }
                    headers: { Accept: application/json }
                    check: { status: [ 200, 3xx, 400..404 ], body: ok, bodyMatches: "o+k" }
                  - think: 200ms..500ms
              - name: buy
                weight: 2.5
                steps:
                  - post: http://127.0.0.1:5081/order
                    json: { item: 1, note: "1", list: [ true, ~, 1.50 ] }
                  - think: 1s
                  - put: /form
                    form: { a: 1 b, c: 商 }
                  - patch: /text
                    body: hello
            """);

        Assert.Equal("shop peak", plan.Name);
        Assert.Equal(new Load.Constant(new(20, TimeSpan.FromMilliseconds(950))), plan.Load);
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(5), Arrivals.Poisson, 7), (plan.Duration, plan.WarmUp, plan.Arrivals, plan.Seed));
        Assert.Equal(new HttpOptions { ConnectTimeout = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(3), MaxConnections = 100, KeepAlive = false, Insecure = true }, plan.Http);
        Assert.Equal([("browse", 7m), ("buy", 2.5m)], plan.Scenarios.Select(s => (s.Name, s.Weight)));
        Assert.Equal(new Step.Think(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(500)), plan.Scenarios[0].Steps[1]);

        var item = plan.Requests[0];
        Assert.Equal(("item", "GET", "items"), (item.Name, item.Method, item.Service));
        Assert.Equal("http://127.0.0.1:5080/api/item/1?x=1&q=%E5%95%86%E5%93%81&size=2", item.Url.AbsoluteUri);
        Assert.Equal([new("Accept", "application/json")], item.Headers);
        Assert.Equal([(200, 200), (300, 399), (400, 404)], Assert.IsType<Check.Status>(item.Checks[0]).Ranges);
        Assert.Equal(new Check.BodyContains("ok"), item.Checks[1]);
        Assert.Equal("o+k", Assert.IsType<Check.BodyMatches>(item.Checks[2]).Pattern.ToString());

        Assert.Equal(["POST 127.0.0.1:5081/order", "PUT /api/form", "PATCH /api/text"], plan.Requests.Skip(1).Select(r => r.Name));
        Assert.Equal(["""{"item":1,"note":"1","list":[true,null,1.50]}""", "a=1%20b&c=%E5%95%86", "hello"], plan.Requests.Skip(1).Select(Plans.BodyOf));
        Assert.Equal(["application/json", "application/x-www-form-urlencoded", "text/plain; charset=utf-8"], plan.Requests.Skip(1).Select(r => r.Headers[0].Value));
    }

    [Theory]
    [InlineData("http://127.0.0.1", "/商品/红 茶?q=é&p=%20", "http://127.0.0.1/%E5%95%86%E5%93%81/%E7%BA%A2%20%E8%8C%B6?q=%C3%A9&p=%20")]
    [InlineData("http://127.0.0.1/api/", "/x", "http://127.0.0.1/api/x")]
    [InlineData("http://127.0.0.1/api", "/?a=1", "http://127.0.0.1/api/?a=1")]
    [InlineData("http://127.0.0.1:80", "/", "http://127.0.0.1/")]
    [InlineData("http://127.0.0.1", "https://商店.test:8443/x", "https://xn--czrs0t.test:8443/x")]
    [InlineData("http://127.0.0.1", "HTTP://LocalHost/X", "http://localhost/X")]
    [InlineData("http://[::1]:5080", "/x", "http://[::1]:5080/x")]
    public void Urls_are_joined_and_encoded(string target, string step, string url) =>
        Assert.Equal(url, Plans.Read(Plans.With(step: $"get: '{step}'").Replace("http://127.0.0.1:5080", target)).Requests[0].Url.AbsoluteUri);

    [Fact]
    public void Requests_without_names_are_told_apart()
    {
        var plan = Plans.Read(Plans.With(step: "get: /a }, { get: '/a?x=1' }, { get: /b, name: GET /a }, { get: /%E5%95%86 }, { get: 'http://127.0.0.1:81/a'"));

        Assert.Equal(["GET /a (2)", "GET /a (3)", "GET /a", "GET /商", "GET 127.0.0.1:81/a"], plan.Requests.Select(r => r.Name));
    }

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var plan = Plans.Read(Plans.With());

        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.Zero, Arrivals.Uniform, 1), (plan.Duration, plan.WarmUp, plan.Arrivals, plan.Seed));
        Assert.Equal(new HttpOptions(), plan.Http);
        Assert.Equal(["local"], plan.Hosts.Select(h => h.Text));
        Assert.Equal("127.0.0.1:5080", plan.Requests[0].Service);
        Assert.Null(plan.Requests[0].Body);
        Assert.Empty(plan.Requests[0].Headers);
    }

    [Fact]
    public void A_content_type_that_is_given_wins() =>
        Assert.Equal([new("content-type", "application/vnd.api+json")], Plans.Read(Plans.With(step: "post: /, headers: { content-type: application/vnd.api+json }, json: { a: 1 }")).Requests[0].Headers);

    [Theory]
    [InlineData("500/s", 500, 1_000)]
    [InlineData("500 / s", 500, 1_000)]
    [InlineData("10,000/s", 10_000, 1_000)]
    [InlineData("30/min", 30, 60_000)]
    [InlineData("30/m", 30, 60_000)]
    [InlineData("1000/h", 1_000, 3_600_000)]
    [InlineData("0.5/s", 0.5, 1_000)]
    [InlineData("20/950ms", 20, 950)]
    [InlineData("7/1m30s", 7, 90_000)]
    public void Rates_are_read_as_written(string text, double count, int milliseconds)
    {
        Assert.Null(RateText.Parse(text, out var rate));
        Assert.Equal(new((decimal)count, TimeSpan.FromMilliseconds(milliseconds)), rate);
    }

    [Theory]
    [InlineData("200ms", 0.2)]
    [InlineData("1.5s", 1.5)]
    [InlineData("2m", 120)]
    [InlineData("2min", 120)]
    [InlineData("1h30m", 5_400)]
    [InlineData("1d 12h", 129_600)]
    [InlineData("1m 500ms", 60.5)]
    public void Durations_are_read_as_written(string text, double seconds)
    {
        Assert.Null(DurationText.Parse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }
}
