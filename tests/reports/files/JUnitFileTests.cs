using System.Xml.Linq;
using Pressure.Record;

namespace Pressure.Reports.Tests;

public class JUnitFileTests
{
    private static XElement Suite(RunBuilder run) => XDocument.Parse(JUnitFile.Write(Summarizer.Summarize(run.Build()))).Root!.Element("testsuite")!;

    [Fact]
    public void A_case_per_criterion_and_one_for_the_verdict()
    {
        var suite = Suite(RunBuilder.New().Seconds(10, ok: 100)
            .Threshold("http_req_duration", "p(95) < 11ms")
            .Threshold("http_req_duration", "p(95) < 5ms")
            .Threshold("http_req_duration{name:nobody}", "p(95) < 5ms"));
        Assert.Equal(["http_req_duration: p(95) < 11ms", "http_req_duration: p(95) < 5ms", "http_req_duration{name:nobody}: p(95) < 5ms", "verdict"],
            suite.Elements("testcase").Select(c => c.Attribute("name")!.Value));
        Assert.Equal(["", "failure", "error", "failure"], suite.Elements("testcase").Select(c => c.Elements().SingleOrDefault()?.Name.LocalName ?? ""));
        Assert.Equal("Actual: 10 ms", suite.Descendants("failure").First().Attribute("message")!.Value);
        Assert.Equal(("4", "2", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value));
    }

    [Fact]
    public void Every_experiment_is_a_case_too()
    {
        var suite = XDocument.Parse(JUnitFile.Write(Summarizer.Summarize(ChaosRun.Build()))).Root!.Element("testsuite")!;
        Assert.Contains(suite.Elements("testcase"), c => c.Attribute("name")!.Value == "experiment: Kill one item service" && !c.HasElements);
    }

    [Fact]
    public void An_experiment_that_deviated_is_a_failure_that_says_so()
    {
        var suite = Suite(RunBuilder.New().Seconds(10, ok: 100)
            .Event(new TimelineEvent.ExperimentStarted(TimeSpan.FromSeconds(2), "e1", "Kill one", "demo"))
            .Event(new TimelineEvent.ExperimentEnded(TimeSpan.FromSeconds(6), "e1", "Kill one", "completed", true)));
        Assert.Contains("did not hold", suite.Elements("testcase").Single(c => c.Attribute("name")!.Value == "experiment: Kill one").Element("failure")!.Attribute("message")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_is_an_error_for_CI() =>
        Assert.NotNull(Suite(RunBuilder.New().Seconds(2, ok: 1).NotEnded()).Elements("testcase").Last().Element("error"));

    [Fact]
    public void Text_that_XML_has_no_way_to_write_does_not_break_it()
    {
        var suite = Suite(RunBuilder.New().Manifest(m => m with { Name = "a\u0001<b>&\"\uFFFF 搜索 😀" }).Seconds(2, ok: 1));
        Assert.Equal("a\uFFFD<b>&\"\uFFFD 搜索 😀", suite.Attribute("name")!.Value);
    }
}
