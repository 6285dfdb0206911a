using System.Text.RegularExpressions;
using Pressure.Record;

namespace Pressure.Reports.Tests;

public partial class WorkerSectionTests
{
    private static string Render(RunRecord run, ReportLanguage language = ReportLanguage.En) =>
        WorkerSection.Render(new ReportModel(run, Summarizer.Summarize(run), language)).Markup;

    [Fact]
    public void A_run_of_one_process_has_no_such_section() => Assert.Equal("", Render(DemoRun.Build(seconds: 10)));

    [Fact]
    public void Workers_regions_and_what_nobody_made_are_told()
    {
        var html = Render(CrewRun.Build());

        foreach (var told in new[]
        {
            "4 workers in 2 regions made the load.", "<span class=\"chip bad\">lost 00:36</span>", "us · shares 3, 4", "−4.4 ms<small>± 2.3 ms</small>",
            "<th scope=\"row\">eu</th><td class=\"n\">3</td>", "<td class=\"n warn\">3,500</td><td>w4 from 00:37</td>",
        })
            Assert.Contains(told, html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_of_a_rate_has_its_marks_and_nothing_that_is_no_number()
    {
        var html = Render(CrewRun.Build());

        Assert.Equal(4, Count(html, "<svg class=\"rate\""));
        Assert.Equal((1, 1), (Count(html, "class=\"lost\""), Count(html, "class=\"taken\"")));
        Assert.All(Numbers().Matches(html), m => Assert.DoesNotMatch("NaN|Infinity|E", m.Value));
    }

    [Fact]
    public void Of_many_workers_those_to_which_something_happened_are_among_the_first()
    {
        var html = Render(CrewRun.Build(workers: 100, seconds: 12, lost: 98, rate: 20, taken: 2));

        Assert.Contains("40 more workers", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">w99 <span class=\"chip bad\"", html[..html.IndexOf("<details class=\"more\"", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("class=\"workers many\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_from_elsewhere_can_not_leave_their_place()
    {
        const string nasty = "</script><img src=x onerror=alert(1)>";
        var run = CrewRun.Build(seconds: 10, lost: -1);
        var crew = run.Manifest.Crew!;
        run = run with { Manifest = run.Manifest with { Crew = crew with { Workers = [crew.Workers[0] with { Name = nasty, Region = nasty }, .. crew.Workers.Skip(1)] } } };

        Assert.DoesNotContain("<img", Render(run), StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", HtmlReport.Render(new ReportModel(run, Summarizer.Summarize(run), ReportLanguage.En)), StringComparison.Ordinal);
    }

    [Fact]
    public void It_speaks_Chinese()
    {
        var text = Tags().Replace(Render(CrewRun.Build(slow: 1, tolerance: 0.01), ReportLanguage.Zh), " ");

        Assert.Contains("压测节点", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("[Ww]orker|[Ss]hare|lost|sent", text);
    }

    [Fact]
    public void The_generator_s_section_names_who_could_not_keep_up()
    {
        string Of(RunRecord run) => GeneratorSection.Render(new ReportModel(run, Summarizer.Summarize(run), ReportLanguage.En)).Markup;

        Assert.Contains("Yes. Every worker kept its schedule", Of(CrewRun.Build()), StringComparison.Ordinal);
        Assert.Contains("No. w2 could not keep up", Of(CrewRun.Build(slow: 1)), StringComparison.Ordinal);
        Assert.Contains("data-chart=\"workerLateness\"", Of(CrewRun.Build()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_crew_of_which_nothing_was_heard_is_told_without_figures()
    {
        var run = CrewRun.Build(seconds: 10, lost: -1);

        Assert.Contains("4 workers in 2 regions", Render(run with { Intervals = [], Generator = [] }), StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex(" (?:d|x|width)=\"([^\"]*)\"")]
    private static partial Regex Numbers();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
