using Pressure.Record;

namespace Pressure.Reports.Tests;

public class ThresholdJudgeTests
{
    // 10 s of 95 good and 5 failed requests a second, 20 ms each, 10 ms of it service time.
    private static readonly RunBuilder Run = RunBuilder.New().Seconds(10, ok: 95, failed: 5, milliseconds: 20);

    private static ThresholdResult Judge(RunBuilder run, string metric, string expression) =>
        ThresholdJudge.Judge(new ThresholdManifest(metric, expression), MeasuredRun.Of(run.Build()));

    [Theory]
    [InlineData("http_req_duration", "p(95) < 25ms", true, "20 ms")]
    [InlineData("http_req_duration", "p(95) < 19", false, "20 ms")]
    [InlineData("http_req_service_time", "max < 11ms", true, "10 ms")]
    [InlineData("http_req_duration", "avg > 0.019s", true, "20 ms")]
    [InlineData("http_req_failed", "rate < 5%", false, "5 %")]
    [InlineData("http_req_failed", "rate <= 5%", true, "5 %")]
    [InlineData("http_req_failed", "rate == 0.05", true, "5 %")]
    [InlineData("http_req_failed", "rate != 0.05", false, "5 %")]
    [InlineData("checks", "rate > 94%", true, "95 %")]
    [InlineData("http_reqs", "count == 1000", true, "1,000")]
    [InlineData("http_reqs", "rate >= 100", true, "100/s")]
    [InlineData("iterations", "count === 950", true, "950")]
    [InlineData("dropped_iterations", "count < 1", true, "0")]
    [InlineData("data_sent", "count == 100000", true, "100 kB")]
    [InlineData("data_received", "rate > 95001", false, "95 kB/s")]
    [InlineData("http_req_duration{name:home}", "max < 21ms", true, "20 ms")]
    [InlineData("http_reqs{scenario:browse,service:shop,method:GET}", "count > 999", true, "1,000")]
    public void Compares_what_was_measured(string metric, string expression, bool passes, string actual)
    {
        var result = Judge(Run, metric, expression);
        Assert.Null(result.Error);
        Assert.Equal(passes, result.Passed);
        Assert.StartsWith(actual, result.ActualText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http_req_duration", "p(95) < 500ms")]
    [InlineData("http_req_failed", "rate < 1%")]
    [InlineData("checks", "rate > 50%")]
    [InlineData("http_reqs", "count < 10")]
    [InlineData("dropped_iterations", "count < 1")]
    public void Nothing_measured_is_an_error_and_never_a_pass(string metric, string expression)
    {
        var result = Judge(RunBuilder.New(), metric, expression);
        Assert.False(result.Passed);
        Assert.NotNull(result.Error);
        Assert.Null(result.Actual);
    }

    [Fact]
    public void A_tag_that_no_request_has_is_an_error_that_names_those_there_are()
    {
        var result = Judge(Run, "http_req_duration{name:hoem}", "p(95) < 500ms");
        Assert.False(result.Passed);
        Assert.Equal("No request of the plan has name 'hoem'; there are: home", result.Error);
    }

    [Fact]
    public void Tags_that_no_request_has_together_are_an_error()
    {
        var run = RunBuilder.New()
            .Requests(new("a", "s", "GET", "http://h/a", "x", 0.5), new("b", "s", "POST", "http://h/b", "y", 0.5))
            .Second(0, ok: 1);
        Assert.NotNull(Judge(run, "http_reqs{name:a,method:POST}", "count > 0").Error);
    }

    [Fact]
    public void Only_the_requests_with_the_tag_count()
    {
        var run = RunBuilder.New()
            .Requests(new("fast", "s", "GET", "http://h/a", "x", 0.5), new("slow", "s", "GET", "http://h/b", "x", 0.5))
            .Second(0, ok: 100, milliseconds: 5).Second(0, ok: 100, milliseconds: 800, request: 1);
        Assert.True(Judge(run, "http_req_duration{name:fast}", "max < 6ms").Passed);
        Assert.False(Judge(run, "http_req_duration", "max < 6ms").Passed);
    }
}
