namespace Pressure.LoadGen.Tests;

public sealed class ReplayWriterTests
{
    [Fact]
    public void A_draft_becomes_a_plan_that_says_the_same()
    {
        var text = PlanWriter.ToYaml(new ReplayDraft
        {
            Name = "replay of shop",
            Target = "http://127.0.0.1:5080",
            Captures = ["/captures/a b.capture", "/captures/[x], y: #1.pcap"],
            Values = [new("speed", "max"), new("multiply", "3"), new("share", "10%"), new("jitter", null), new("cookies", "false"), new("tcp", " ")],
            Lists = [new("methods", ["POST", "put"]), new("paths", ["/api/*", "*.html"]), new("hosts", [])],
            Maps = [new("set", [new("X-A", "1: \"2\"")]), new("rewritePath", [new("^/v1/(\\d+)", "/v2/$1"), new("^/v1/(\\d+)", "/v3/")]), new("setParameter", [])],
            Carries = [("json", "$.token", "Authorization: Bearer {}"), ("regex", "name=\"x\" value='(.*)'", null)],
            Ignore = ["header:Date", "$.a[*].b"],
            Primary = "http://127.0.0.1:1",
            Duration = "5m",
            WarmUp = "10s",
            Seed = "7",
            Thresholds = [("http_req_duration{name:GET /a}", "p(95) < 500ms")],
        });
        var read = PlanReader.ParseIn("/plans", text, "plan");
        Assert.Empty(read.Problems.Select(p => p.ToString()));
        var order = ((Load.Replay)read.Plan!.Load).Order;

        Assert.Equal(["/captures/a b.capture", "/captures/[x], y: #1.pcap"], order.Captures);
        Assert.Equal((double.PositiveInfinity, 3, 0.1, false, false), (order.Speed, order.Multiply, order.Share, order.CarriesCookies, order.Tcp));
        Assert.Equal(["GET", "HEAD", "OPTIONS", "POST", "PUT"], order.Methods);
        Assert.Equal(["/api/*", "*.html"], order.Paths);
        Assert.Equal(
            [new ReplayRewrite.Header("X-A", "1: \"2\"").ToString(), "^/v1/(\\d+) /v2/$1", "^/v1/(\\d+) /v3/"],
            order.Rewrites.Select(r => r is ReplayRewrite.Path path ? $"{path.Pattern} {path.Replacement}" : r.ToString()));
        Assert.Equal([("$.token", null, "Authorization: Bearer {}"), (null, "name=\"x\" value='(.*)'", null)], order.Carries.Select(c => (c.Json?.ToString(), c.Pattern?.ToString(), c.Into)));
        Assert.Equal((2, new Uri("http://127.0.0.1:1")), (order.Compare!.Ignore.Count, order.Compare.Primary!));
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), 7), (read.Plan.Duration, read.Plan.WarmUp, read.Plan.Seed));
        Assert.Equal("http_req_duration{name:GET /a}: p(95) < 500ms", Assert.Single(read.Plan.Thresholds).ToString());
    }

    [Theory]
    [InlineData(true, "compare: true")]
    [InlineData(false, null)]
    public void Comparing_without_more_is_a_switch(bool compares, string? line)
    {
        var text = PlanWriter.ToYaml(new ReplayDraft { Captures = ["a"], Compares = compares });
        Assert.Equal(line, text.Split('\n').FirstOrDefault(l => l.Contains("compare", StringComparison.Ordinal))?.Trim());
    }
}
