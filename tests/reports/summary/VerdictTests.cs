using Pressure.Record;

namespace Pressure.Reports.Tests;

public class VerdictTests
{
    private static RunBuilder Good() => RunBuilder.New().Seconds(10, ok: 100);

    private static RunBuilder Saturate(RunBuilder run) => run.Generator(0, 200).Generator(1, 200).Generator(2, 200);

    private static RunSummary Of(RunBuilder run) => Summarizer.Summarize(run.Build());

    private static void Is(Verdict verdict, int exitCode, string reason, RunSummary summary)
    {
        Assert.Equal(verdict, summary.Verdict);
        Assert.Equal(exitCode, summary.ExitCode);
        Assert.Contains(reason, summary.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_is_there_in_every_language_and_one_of_an_earlier_version_in_English()
    {
        var summary = Of(Good().Threshold("http_req_duration", "p(95) < 5ms"));

        Assert.Equal(summary.Reason, summary.ReasonIn(ReportLanguage.En));
        Assert.StartsWith("1 项标准中有 1 项未满足。响应时间", summary.ReasonIn(ReportLanguage.Zh), StringComparison.Ordinal);
        var read = SummaryFile.Read(SummaryFile.Write(summary));
        Assert.Equal(summary.ReasonIn(ReportLanguage.Zh), read.ReasonIn(ReportLanguage.Zh));
        Assert.Equal(summary.Reason, (summary with { Reasons = new Dictionary<string, string>() }).ReasonIn(ReportLanguage.Zh));
    }

    [Fact]
    public void Without_criteria_there_is_no_judgement() => Is(Verdict.NoCriteria, 0, "No pass criteria", Of(Good()));

    [Fact]
    public void Criteria_that_hold_pass() => Is(Verdict.Passed, 0, "The criterion held", Of(Good().Threshold("http_req_duration", "p(95) < 11ms")));

    [Fact]
    public void A_criterion_that_does_not_hold_fails() => Is(Verdict.Failed, 99, "1 of 2 criteria did not hold. Response time p95 below 5 ms: it was 10 ms.",
        Of(Good().Threshold("http_req_duration", "p(95) < 5ms").Threshold("http_req_failed", "rate < 1%")));

    [Fact]
    public void A_criterion_that_can_not_be_judged_fails() => Is(Verdict.Failed, 99, "No request of the plan has name 'nobody'",
        Of(Good().Threshold("http_req_duration{name:nobody}", "p(95) < 5ms")));

    [Fact]
    public void An_unreachable_target_fails_without_any_criterion() => Is(Verdict.Failed, 99, "Every request failed: connectRefused (nothing listens",
        Of(RunBuilder.New().Seconds(10, failed: 100, error: RequestError.ConnectRefused)));

    [Fact]
    public void A_target_that_answers_only_errors_fails_with_its_status() => Is(Verdict.Failed, 99, "status 503", Of(RunBuilder.New().Seconds(10, failed: 100)));

    [Fact]
    public void An_unreachable_target_is_a_failure_even_if_the_generator_was_late() =>
        Is(Verdict.Failed, 99, "Every request failed", Of(Saturate(RunBuilder.New().Seconds(10, failed: 100))));

    [Fact]
    public void A_saturated_generator_makes_the_run_invalid_whatever_the_criteria() =>
        Is(Verdict.Invalid, 5, "generator itself was saturated", Of(Saturate(Good()).Threshold("http_req_duration", "p(95) < 1ms")));

    [Fact]
    public void More_than_one_per_cent_not_sent_is_invalid() =>
        Is(Verdict.Invalid, 5, "200 of 10,000 requests (2 %) were not sent", Of(RunBuilder.New().Seconds(10, ok: 980, notSent: 20)));

    [Fact]
    public void One_per_cent_not_sent_is_tolerated() => Is(Verdict.NoCriteria, 0, "", Of(RunBuilder.New().Seconds(10, ok: 990, notSent: 10)));

    [Fact]
    public void Nothing_measured_is_invalid() => Is(Verdict.Invalid, 5, "nothing to judge", Of(RunBuilder.New()));

    [Fact]
    public void A_stop_outranks_saturation_and_criteria() => Is(Verdict.Stopped, 130, "Stopped by Ctrl-C after 4 s of 10 s.",
        Of(Saturate(Good()).Threshold("http_req_duration", "p(95) < 1ms").Event(new TimelineEvent.StopRequested(TimeSpan.FromSeconds(4), "Ctrl-C"))));

    [Fact]
    public void A_graceful_stop_is_a_stop_that_says_so() => Is(Verdict.Stopped, 130, "Stopped gracefully by ctl after 4 s of 10 s",
        Of(Good().Event(new TimelineEvent.StopRequested(TimeSpan.FromSeconds(4), "ctl", Graceful: true))));

    [Fact]
    public void A_graceful_stop_that_was_cut_short_is_told_as_what_it_became() => Is(Verdict.Stopped, 130, "Stopped by Ctrl-C after 5 s of 10 s.",
        Of(Good().Event(new TimelineEvent.StopRequested(TimeSpan.FromSeconds(4), "ctl", Graceful: true)).Event(new TimelineEvent.StopRequested(TimeSpan.FromSeconds(5), "Ctrl-C"))));

    [Fact]
    public void A_run_that_was_changed_is_judged_as_any_other() => Is(Verdict.NoCriteria, 0, "",
        Of(RunBuilder.New().Seconds(10, ok: 3).Event(new TimelineEvent.LoadSteered(TimeSpan.FromSeconds(1), "ctl", SteeredTo.Paused))));

    [Fact]
    public void A_stopped_run_still_says_that_every_request_failed() => Is(Verdict.Stopped, 130, "Every request failed",
        Of(RunBuilder.New().Seconds(3, failed: 10).Event(new TimelineEvent.StopRequested(TimeSpan.FromSeconds(3), "Ctrl-C"))));

    [Fact]
    public void A_run_that_never_ended_is_stopped_with_what_it_has()
    {
        var summary = Of(RunBuilder.New().Seconds(4, ok: 100).NotEnded());
        Is(Verdict.Stopped, 130, "figures of its first 4 s", summary);
        Assert.Equal(100, summary.Load.Delivered);
    }

    [Fact]
    public void An_error_of_ours_outranks_everything() => Is(Verdict.Error, 1, "disk full",
        Of(Good().Event(new TimelineEvent.StopRequested(TimeSpan.FromSeconds(4), "Ctrl-C")).Event(new TimelineEvent.RunFailed(TimeSpan.FromSeconds(5), "disk full"))));

    private static TimelineEvent.Aborted Rule => new(TimeSpan.FromSeconds(6), "http_req_duration", "p(95) > 5ms", "10 ms", TimeSpan.FromSeconds(3));

    [Fact]
    public void An_abort_rule_that_came_true_fails_the_run_and_is_the_reason() => Is(Verdict.Failed, 99,
        "The plan's abort rule ended the run after 6 s of 10 s: Response time p95 above 5 ms (it was 10 ms over the last 3 s).",
        Of(Good().Threshold("http_req_failed", "rate < 1%").Event(Rule)));

    [Fact]
    public void A_run_that_a_rule_ended_is_measured_up_to_there() => Assert.Equal(6, Of(Good().Event(Rule)).DurationSeconds);

    [Fact]
    public void An_abort_rule_tells_nothing_about_the_target_of_a_saturated_generator()
    {
        var summary = Of(Saturate(Good()).Event(Rule));
        Is(Verdict.Invalid, 5, "generator itself was saturated", summary);
        Is(Verdict.Invalid, 5, "abort rule ended the run", summary);
    }

    [Fact]
    public void The_weakest_service_of_a_chain_is_named()
    {
        var run = RunBuilder.New()
            .Requests(new("a", "s", "GET", "http://h/a", "shop", 0.5), new("b", "s", "GET", "http://h/b", "cart", 0.5))
            .Second(0, ok: 100, milliseconds: 5).Second(0, ok: 90, failed: 10, milliseconds: 6, request: 1)
            .Threshold("http_req_failed", "rate < 1%");
        Is(Verdict.Failed, 99, "The weakest service is cart: 10 % of its requests failed, 0 % of the next one's.", Of(run));
    }
}
