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
}
