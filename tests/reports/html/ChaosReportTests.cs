using Pressure.Record;

namespace Pressure.Reports.Tests;

public class ChaosReportTests
{
    private static string Body(RunRecord run, ReportLanguage language = ReportLanguage.En)
    {
        var html = HtmlReport.Render(new ReportModel(run, Summarizer.Summarize(run), language));
        return html[html.IndexOf("<main>", StringComparison.Ordinal)..html.IndexOf("</main>", StringComparison.Ordinal)];
    }

    [Fact]
    public void The_first_page_says_what_was_struck_how_it_was_taken_and_that_nothing_is_left()
    {
        var body = Body(ChaosRun.Build());
        var struck = body[body.IndexOf("<ul class=\"struck\">", StringComparison.Ordinal)..body.IndexOf("<dl class=\"tiles\">", StringComparison.Ordinal)];
        foreach (var expected in new[] { "<time>00:30</time>", "Kill one item service", "✓ recovered after", "requests lost", "1 refused by guards", "✓ everything undone, nothing left" })
            Assert.Contains(expected, struck, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_is_said_there_instead()
    {
        var body = Body(ChaosRun.Build(left: true));
        Assert.Contains("✗ 1 not undone", body, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing left", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Faults_probes_and_refusals_have_lanes_on_one_axis(bool drill)
    {
        var body = Body(drill ? ChaosRun.Drill() : ChaosRun.Build());
        Assert.Equal(2, body.Split("class=\"lanes whole\"").Length);
        foreach (var (tone, atLeast) in new[] { ("fault", 2), ("ok", 3), ("bad", 2), ("warn", 1) })
            Assert.True(body.Split($"<rect class=\"{tone}\" x=").Length - 1 >= atLeast, tone);
    }

    [Fact]
    public void A_drill_has_no_sections_about_requests()
    {
        var body = Body(ChaosRun.Drill());
        foreach (var heading in new[] { "By request", "What stands out", "Requests lost" })
            Assert.DoesNotContain(heading, body, StringComparison.Ordinal);
    }

    [Fact]
    public void It_speaks_Chinese()
    {
        var body = Body(ChaosRun.Build(), ReportLanguage.Zh);
        foreach (var expected in new[] { "后恢复", "已全部恢复原状，无残留", "故障生效", "目标整体" })
            Assert.Contains(expected, body, StringComparison.Ordinal);
    }
}
