using Pressure.Record;

namespace Pressure.Reports.Tests;

public class PhasesTests
{
    [Fact]
    public void The_means_of_all_phases_and_of_the_generator_are_the_mean_response_time()
    {
        var summary = Summarizer.Summarize(DemoRun.Build());

        foreach (var (phases, whole) in summary.ByRequest.Select(r => (r.Phases!, r.ResponseTime.Mean)).Append((summary.Phases!, summary.ResponseTime.Mean)))
        {
            var sum = phases.Generator + new[] { phases.Blocked, phases.Dns, phases.Connecting, phases.Tls, phases.Sending, phases.Waiting, phases.Receiving }.Sum(p => p.MeanOfAll);
            Assert.InRange(sum, whole * 0.995, whole * 1.005);
        }
    }

    [Fact]
    public void Phases_of_two_shares_are_added_not_averaged()
    {
        var run = RunBuilder.New();
        for (var share = 0; share < 2; share++)
        {
            var interval = new Interval(share, 0, 1);
            var r = interval.Requests[0];
            (r.Asked, r.Sent, r.Ok) = (10, 10, 10);
            for (var i = 0; i < 10; i++)
            {
                r.ResponseTime.Record(TimeSpan.FromMilliseconds(share == 0 ? 10 : 30));
                r.Phases.Record(RequestPhase.Waiting, TimeSpan.FromMilliseconds(share == 0 ? 10 : 20));
            }

            if (share == 1)
                r.Phases.Record(RequestPhase.Handshaking, TimeSpan.FromMilliseconds(100));
            run.Interval(interval);
        }

        var phases = Summarizer.Summarize(run.Build()).Phases!;

        Assert.Equal((20L, 15.0), (phases.Waiting.Count, Math.Round(phases.Waiting.MeanOfAll, 1)));
        Assert.Equal((1L, 5.0, 100.0), (phases.Tls.Count, Math.Round(phases.Tls.MeanOfAll, 1), Math.Round(phases.Tls.Mean)));
        Assert.Equal(0, phases.Blocked.Count);
    }

    [Fact]
    public void A_run_recorded_before_phases_has_none_and_its_thresholds_on_them_fail_as_unmeasured()
    {
        var summary = Summarizer.Summarize(RunBuilder.New().Seconds(3, ok: 100).Threshold("http_req_waiting", "p(95) < 500ms").Build());

        Assert.Null(summary.Phases);
        Assert.Contains("Nothing was measured", Assert.Single(summary.Thresholds).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("data-chart=\"phases\"", Html(RunBuilder.New().Seconds(3, ok: 100).Build()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http_req_waiting", "p(95) < 21ms", true)]
    [InlineData("http_req_waiting", "avg < 5ms", false)]
    [InlineData("http_req_connecting", "max < 60ms", true)]
    [InlineData("http_req_connecting", "max < 30ms", false)]
    // One connection for a hundred requests: those that had none to open count as zero, as in k6.
    [InlineData("http_req_connecting", "p(95) < 1ms", true)]
    [InlineData("http_req_tls_handshaking", "max < 1ms", true)]
    [InlineData("http_req_blocked", "avg < 1ms", true)]
    [InlineData("http_req_looking_up", "med < 1ms", true)]
    [InlineData("http_req_sending", "max < 1ms", true)]
    [InlineData("http_req_receiving", "p(99) < 1ms", true)]
    public void Phases_can_be_criteria(string metric, string expression, bool holds) =>
        Assert.Equal(holds, Assert.Single(Summarizer.Summarize(Plain(connecting: 50).Threshold(metric, expression).Build()).Thresholds).Passed);

    [Fact]
    public void The_report_draws_phases_where_they_say_more_than_waiting()
    {
        Assert.Contains("data-chart=\"phases\"", Html(Plain(connecting: 500).Build()), StringComparison.Ordinal);
        var plain = Html(Plain(connecting: 1).Build());
        Assert.DoesNotContain("data-chart=\"phases\"", plain, StringComparison.Ordinal);
        Assert.Contains("waiting for the target&#x27;s first byte", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Late_requests_are_told_with_their_cause()
    {
        RunBuilder Late(bool blocked)
        {
            var interval = new Interval(0, 0, 1);
            var r = interval.Requests[0];
            (r.Asked, r.Sent, r.Ok, r.Late) = (100, 100, 100, 30);
            for (var i = 0; i < 100; i++)
                r.ResponseTime.Record(TimeSpan.FromMilliseconds(50));
            for (var i = 0; blocked && i < 30; i++)
                r.Phases.Record(RequestPhase.Blocked, TimeSpan.FromMilliseconds(40));
            return RunBuilder.New().Interval(interval);
        }

        Assert.Equal(30, Summarizer.Summarize(Late(true).Build()).Requests.Late);
        Assert.Contains("30 requests (30 % of those sent) began more than 10 ms after they were due, most of them because no connection was free", Html(Late(true).Build()), StringComparison.Ordinal);
        Assert.Contains("because the load generator was behind", Html(Late(false).Build()), StringComparison.Ordinal);
        Assert.Equal(30, Timeline.Points(Late(true).Build())[0].Late);
    }

    private static RunBuilder Plain(int connecting)
    {
        var interval = new Interval(0, 0, 1);
        var r = interval.Requests[0];
        (r.Asked, r.Sent, r.Ok) = (100, 100, 100);
        for (var i = 0; i < 100; i++)
        {
            r.ResponseTime.Record(TimeSpan.FromMilliseconds(i == 0 ? 20 + connecting : 20));
            r.Phases.Record(RequestPhase.Waiting, TimeSpan.FromMilliseconds(20));
        }

        r.Phases.Record(RequestPhase.Connecting, TimeSpan.FromMilliseconds(connecting));
        return RunBuilder.New().Interval(interval);
    }

    private static string Html(RunRecord run) => HtmlReport.Render(new ReportModel(run, Summarizer.Summarize(run), ReportLanguage.En));
}
