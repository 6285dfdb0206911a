using Pressure.Record;

namespace Pressure.Reports.Tests;

public class FindingsTests
{
    private static string Of(RunBuilder run)
    {
        var record = run.Build();
        return string.Join("\n", Findings.Of(new ReportModel(record, Summarizer.Summarize(record), ReportLanguage.En)).Select(f => f.In(ReportLanguage.En)));
    }

    [Fact]
    public void A_healthy_run_has_none() => Assert.Empty(Of(RunBuilder.New().Seconds(30, ok: 100)));

    [Fact]
    public void Errors_are_dated() => Assert.Contains("Errors occurred between 00:03 and 00:06: 30 requests failed, most of them with status 503 (30 times).",
        Of(RunBuilder.New().Seconds(10, ok: 100).Second(3, failed: 10).Second(4, failed: 10).Second(5, failed: 10)), StringComparison.Ordinal);

    [Fact]
    public void Waiting_that_the_service_time_hides_is_told()
    {
        var interval = new Interval(0, 0, 1);
        interval.Requests[0].Asked = interval.Requests[0].Sent = interval.Requests[0].Ok = 100;
        interval.Requests[0].ResponseTime.Record(TimeSpan.FromMilliseconds(1900), 100);
        interval.Requests[0].ServiceTime.Record(TimeSpan.FromMilliseconds(3), 100);
        Assert.Contains("response time p99 is 1.9 s, service time p99 only 3 ms", Of(RunBuilder.New().Interval(interval)), StringComparison.Ordinal);
    }

    [Fact]
    public void Growing_response_times_under_a_constant_load_are_told()
    {
        var run = RunBuilder.New().Manifest(m => m with { Duration = TimeSpan.FromSeconds(30) });
        for (var second = 0; second < 30; second++)
            run.Second(second, ok: 10, milliseconds: 10 + second * 3);
        Assert.Contains("grew under a constant load", Of(run), StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_that_were_not_sent_are_told() =>
        Assert.Contains("50 requests (5 % of those asked) were due and could not be sent", Of(RunBuilder.New().Seconds(10, ok: 95, notSent: 5)), StringComparison.Ordinal);
}
