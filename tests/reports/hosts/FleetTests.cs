using System.Text.RegularExpressions;

namespace Pressure.Reports.Tests;

public class FleetTests
{
    [Fact]
    public void Of_many_machines_the_nearest_to_their_limits_are_drawn_and_all_stand_in_the_table()
    {
        var run = MachineRun.Fleet();
        var html = HtmlReport.Render(new ReportModel(run, Summarizer.Summarize(run), ReportLanguage.En));
        var levels = string.Concat(Regex.Matches(html, "<table class=\"levels\">.*?</table>", RegexOptions.Singleline).Select(m => m.Value));
        // 20 hosts, 8 services, 100 containers with a process each that says nothing else.
        Assert.Equal(128, Regex.Count(levels, "<tr><th scope=\"row\">"));
        Assert.Contains("68 more", html, StringComparison.Ordinal);
        Assert.True(levels.IndexOf("node20", StringComparison.Ordinal) < levels.IndexOf("node01<", StringComparison.Ordinal));
        Assert.InRange(Regex.Count(html, "data-chart="), 20, 90);
        Assert.Contains("4 of 20 are shown", html, StringComparison.Ordinal);
        var data = Regex.Match(html, "id=\"run\">(.*?)</script>").Groups[1].Value;
        Assert.InRange(data.Length, 10_000, 400_000);
    }

    [Fact]
    public void The_data_of_a_report_does_not_grow_with_the_length_of_its_run()
    {
        var run = MachineRun.Build(seconds: 6_000);
        var html = HtmlReport.Render(new ReportModel(run, Summarizer.Summarize(run), ReportLanguage.En));
        Assert.InRange(Regex.Match(html, "id=\"run\">(.*?)</script>").Groups[1].Value.Length, 10_000, 2_000_000);
    }
}
