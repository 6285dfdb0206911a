using Pressure.Record;

namespace Pressure.Reports.Tests;

public class SummarizerTests
{
    [Fact]
    public void Seconds_that_begin_in_the_warm_up_count_for_nothing()
    {
        var run = RunBuilder.New().Manifest(m => m with { WarmUp = TimeSpan.FromSeconds(1.5) }).Seconds(2, ok: 7, failed: 3, milliseconds: 900);
        for (var second = 2; second < 10; second++)
            run.Second(second, ok: 100);
        var summary = Summarizer.Summarize(run.Build());
        Assert.Equal(800, summary.Requests.Sent);
        Assert.Equal(0, summary.Requests.Failed);
        Assert.Equal(100, summary.Load.Delivered);
        Assert.True(summary.ResponseTime.Max < 11);
    }

    [Fact]
    public void Shares_of_the_same_second_are_added()
    {
        var run = RunBuilder.New();
        foreach (var share in new[] { 0, 1 })
        {
            var interval = new Interval(share, 0, 1);
            interval.Requests[0].Asked = interval.Requests[0].Sent = interval.Requests[0].Ok = 10;
            interval.Requests[0].ResponseTime.Record(TimeSpan.FromMilliseconds(share == 0 ? 10 : 30), 10);
            run.Interval(interval);
        }
        var summary = Summarizer.Summarize(run.Build());
        Assert.Equal(20, summary.Requests.Ok);
        // Half are 10 ms and half are 30 ms: a mean of percentiles would say 20.
        Assert.InRange(summary.ResponseTime.P50, 9.9, 10.1);
        Assert.InRange(summary.ResponseTime.P90, 29.9, 30.1);
    }

    [Fact]
    public void Answers_after_the_end_of_the_load_count_but_do_not_lengthen_the_measured_time()
    {
        var run = RunBuilder.New().Seconds(10, ok: 100).Second(10, ok: 0, failed: 0);
        Assert.Equal(100, Summarizer.Summarize(run.Build()).Load.Delivered);
    }

    [Fact]
    public void A_run_that_ended_within_its_warm_up_has_no_rates_and_no_criteria_that_hold()
    {
        var run = RunBuilder.New().Manifest(m => m with { WarmUp = TimeSpan.FromSeconds(20) }).Seconds(10, ok: 100).Threshold("http_reqs", "rate >= 0");
        var summary = Summarizer.Summarize(run.Build());
        Assert.Equal(0, summary.Load.Delivered);
        Assert.False(summary.Thresholds[0].Passed);
    }

    [Fact]
    public void Statuses_errors_and_services_are_counted()
    {
        var summary = Summarizer.Summarize(DemoRun.Build());
        Assert.Equal(summary.Requests.Failed, summary.Errors.Values.Sum());
        Assert.Contains("responseTimeout", summary.Errors.Keys);
        Assert.Equal(["200", "201", "500", "503"], summary.Statuses.Keys);
        Assert.Equal(["gateway", "item", "cart", "order"], summary.ByService.Select(s => s.Name));
        Assert.Equal(summary.Requests.Sent, summary.ByService.Sum(s => s.Sent));
        Assert.Equal(summary.Requests.Sent, summary.ByRequest.Sum(r => r.Sent));
        Assert.Equal(139, summary.Load.Asked);
    }

    [Fact]
    public void Hosts_have_means_and_peaks_over_the_measured_time()
    {
        var host = Assert.Single(Summarizer.Summarize(DemoRun.Build()).Hosts);
        Assert.Equal(2, host.Cores);
        Assert.InRange(host.Cpu.Mean, 0.35, 0.55);
        Assert.InRange(host.Cpu.Peak, 0.7, 0.9);
    }
}
