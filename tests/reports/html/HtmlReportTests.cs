using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pressure.Reports.Tests;

public partial class HtmlReportTests
{
    private const string Nasty = "</script><img src=x onerror=alert(1)>\"'&";

    private static string Render(Record.RunRecord run, ReportLanguage language = ReportLanguage.En) =>
        HtmlReport.Render(new ReportModel(run, Summarizer.Summarize(run), language));

    /// <summary>The page without scripts and styles.</summary>
    private static string Body(string html) => ScriptsAndStyles().Replace(html, "");

    [Fact]
    public void Says_verdict_capacity_and_arithmetic()
    {
        var body = Body(Render(DemoRun.Build(seconds: 30, troubled: false, failing: false)));
        Assert.Contains("<h2>Passed</h2>", body, StringComparison.Ordinal);
        Assert.Contains("Carried 139 requests/s (asked 139) = 3.0 million page views a day under the 80/20 rule; p95", body, StringComparison.Ordinal);
        Assert.Contains("138.89 rounded up", body, StringComparison.Ordinal);
        Assert.Contains("<b>139 requests/s</b>", body, StringComparison.Ordinal);
        Assert.Contains("138.89 ÷ 58 a machine = 2.39, rounded up", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Speaks_Chinese_throughout()
    {
        var body = Body(Render(DemoRun.Build(seconds: 30, troubled: false, failing: false), ReportLanguage.Zh));
        Assert.Contains("<h2>通过</h2>", body, StringComparison.Ordinal);
        Assert.Contains("承载 139 请求/秒", body, StringComparison.Ordinal);
        Assert.DoesNotContain("requests", Tags().Replace(body, ""), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Says_in_Chinese_what_went_wrong_too()
    {
        var run = RunBuilder.New().Seconds(10, ok: 10)
            .Threshold("http_req_duration{name:nobody}", "p(95) < 5ms").Threshold("checks", "rate > 90%")
            .Event(new Record.TimelineEvent.DataLost(TimeSpan.FromSeconds(1), "gone", "web1"))
            .Event(new Record.TimelineEvent.GeneratorSaturated(TimeSpan.FromSeconds(3), "in English"))
            .Event(new Record.TimelineEvent.RunFailed(TimeSpan.FromSeconds(9), "disk full", "/runs/7"));
        for (var second = 0; second < 3; second++)
            run.Generator(second, 200);
        var record = run.Build() with { Intervals = [] };
        var body = Body(Render(record, ReportLanguage.Zh));
        Assert.Contains("计划中没有 name 为“nobody”的请求；现有：home", body, StringComparison.Ordinal);
        Assert.Contains("该标准没有测到任何数据，无法判定", body, StringComparison.Ordinal);
        Assert.Contains("无法采样主机 web1：gone", body, StringComparison.Ordinal);
        Assert.Contains("压测机饱和：连续数秒请求晚发", body, StringComparison.Ordinal);
        Assert.Contains("无法写入运行目录 /runs/7：disk full。", body, StringComparison.Ordinal);
        Assert.Contains("No request of the plan has name", SummaryFile.Write(Summarizer.Summarize(record)), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_Chinese_URLs_decoded() => Assert.Contains("/搜索?q=手机&amp;page=1", Body(Render(DemoRun.Build())), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://h/%E6%90%9C?a=%20b", "/搜?a= b")]
    [InlineData("http://h/%E2%80%AEevil", "/%E2%80%AEevil")]
    [InlineData("http://h/%0A%00", "/%0A%00")]
    [InlineData("http://h/%FF", "/%FF")]
    public void Leaves_encoded_what_can_not_be_seen(string url, string shown) => Assert.Equal(shown, ReadableUrl.PathOf(url));

    [Fact]
    public void Nothing_of_a_run_becomes_markup()
    {
        var run = RunBuilder.New()
            .Manifest(m => m with { Name = Nasty, Target = "http://h/" + Nasty, Id = Nasty, Version = Nasty, Hosts = [Nasty] })
            .Requests(new Record.RequestManifest(Nasty, Nasty, Nasty, "http://h/" + Nasty, Nasty, 1))
            .Threshold("http_req_duration{name:" + Nasty + "}", "p(95) < 1ms").Threshold(Nasty, Nasty)
            .Seconds(10, ok: 5)
            .Host(DemoRun.Build().Hosts[0] with { Host = Nasty })
            .Event(new Record.TimelineEvent.DataLost(TimeSpan.FromSeconds(1), Nasty))
            .Event(new Record.TimelineEvent.StopRequested(TimeSpan.FromSeconds(9), Nasty))
            .Build() with
        { PlanText = Nasty, Recoveries = [new Record.TornTail(Nasty, 1, 1)] };
        foreach (var language in Enum.GetValues<ReportLanguage>())
        {
            var html = Render(run, language);
            Assert.DoesNotContain("<img src=x", html, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(4, Regex.Count(html, "</script>"));
        }
    }

    [Fact]
    public void Reaches_for_nothing_on_the_network()
    {
        var body = Body(Render(DemoRun.Build()));
        Assert.DoesNotMatch(@"<(link|img|iframe|script[^>]+src)", body);
        Assert.Contains("default-src 'none'", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_chart_has_a_table_behind_it_and_a_kind_that_charts_js_knows()
    {
        var html = Render(DemoRun.Build());
        var kinds = Regex.Matches(html, "data-chart=\"(\\w+)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.Superset(new HashSet<string> { "throughput", "latency", "errors", "percentiles", "cpu", "load", "memory", "network", "disk", "generator" }, kinds.ToHashSet());
        Assert.All(kinds, kind => Assert.Matches($@"(?m)^    {kind}: \{{", ReportAssets.Read("charts.js")));
        Assert.Equal(kinds.Count, Regex.Count(html, "<details class=\"data\">"));
    }

    [Fact]
    public void Embeds_the_run_as_data()
    {
        var data = Regex.Match(Render(DemoRun.Build()), "<script type=\"application/json\" id=\"run\">(.*?)</script>").Groups[1].Value;
        using var json = JsonDocument.Parse(data);
        Assert.Equal(60, json.RootElement.GetProperty("points").GetArrayLength());
        Assert.True(json.RootElement.GetProperty("percentiles").GetArrayLength() > 20);
    }

    [Fact]
    public void A_run_that_measured_nothing_still_has_a_report() =>
        Assert.Contains("Nothing was carried", Body(Render(RunBuilder.New().NotEnded().Build())), StringComparison.Ordinal);

    [GeneratedRegex("<(script|style).*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex ScriptsAndStyles();

    [GeneratedRegex("<[^>]*>|<pre>.*?</pre>", RegexOptions.Singleline)]
    private static partial Regex Tags();
}
