using System.Text.Json;
using System.Text.RegularExpressions;
using Pressure.Record;

namespace Pressure.Reports.Tests;

public partial class SearchReportTests
{
    private static readonly SearchResult Found = SearchRun.Found();

    public static TheoryData<SearchEnding, Verdict, int, string> Endings => new()
    {
        { SearchEnding.Found, Verdict.Passed, 0, "The highest rate that holds is 440 requests/s; 451 breaks. At 451 requests/s: Response time p95 was 312 ms, not below 200 ms." },
        { SearchEnding.ReachedTo, Verdict.Passed, 0, "The target holds 440 requests/s, the highest rate to try." },
        { SearchEnding.NeverHeld, Verdict.Failed, 99, "The target does not hold 451 requests/s, the rate to begin with." },
        { SearchEnding.GeneratorSaturated, Verdict.Invalid, 5, "that is the limit of this generator, not of the target. The target held 440 requests/s." },
        { SearchEnding.TimeRanOut, Verdict.Passed, 0, "440 requests/s hold and 451 break; the time for the search was over" },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public void Every_ending_has_its_verdict_exit_code_and_reason(SearchEnding ending, Verdict verdict, int exitCode, string reason)
    {
        var summary = Summarizer.Summarize(SearchRun.Build(Found with
        {
            Ending = ending,
            Holds = ending == SearchEnding.NeverHeld ? null : 440,
            Breaks = ending is SearchEnding.ReachedTo or SearchEnding.GeneratorSaturated ? null : 451,
            GeneratorLimit = ending == SearchEnding.GeneratorSaturated ? 660 : null,
        }));

        Assert.Equal((verdict, exitCode), (summary.Verdict, summary.ExitCode));
        Assert.Contains(reason, summary.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 451)]
    [InlineData(true, null)]
    public void A_search_whose_time_was_over_before_both_sides_were_known_is_no_answer(bool confirmed, int? breaks)
    {
        var summary = Summarizer.Summarize(SearchRun.Build(Found with { Ending = SearchEnding.TimeRanOut, Confirmed = confirmed, Breaks = breaks }));

        Assert.Equal((Verdict.Invalid, 5), (summary.Verdict, summary.ExitCode));
    }

    [Fact]
    public void The_figures_are_those_of_the_plateaus_that_held_at_the_rate_found()
    {
        var summary = Summarizer.Summarize(SearchRun.Build());

        Assert.Equal(440, summary.Load.Asked);
        Assert.Equal(3 * 8 * 440, summary.Requests.Asked);
        Assert.InRange(summary.ResponseTime.P95, 140, 160);
        Assert.Equal(170, summary.DurationSeconds);
    }

    [Fact]
    public void The_plans_thresholds_decide_at_the_rate_found()
    {
        var summary = Summarizer.Summarize(SearchRun.Build(thresholds: true));

        Assert.Equal((Verdict.Failed, 99), (summary.Verdict, summary.ExitCode));
        Assert.StartsWith("The highest rate that holds is 440 requests/s", summary.Reason, StringComparison.Ordinal);
        Assert.Contains("1 of 1 criteria did not hold.", summary.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_search_says_what_it_had_seen()
    {
        var run = SearchRun.Build(Found with { Ending = SearchEnding.Stopped, Confirmed = false });
        var summary = Summarizer.Summarize(run with { Events = [.. run.Events, new TimelineEvent.StopRequested(TimeSpan.FromSeconds(169), "Ctrl-C")] });

        Assert.Equal((Verdict.Stopped, 130), (summary.Verdict, summary.ExitCode));
        Assert.Contains("The search ended early; 440 requests/s had held.", summary.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_broke_off_tells_what_its_last_plateau_knew()
    {
        var run = SearchRun.Build();
        var search = Summarizer.Summarize(run with { Events = [.. run.Events.Where(e => e is not (TimelineEvent.SearchEnded or TimelineEvent.LoadEnded or TimelineEvent.RunEnded))] }).Search!;

        Assert.Equal((SearchEnding.Interrupted, 440, 451, false), (search.Ending, search.Holds, search.Breaks, search.Confirmed));
        Assert.Equal(17, search.Plateaus.Count);
    }

    [Fact]
    public void The_keys_of_the_search_in_summary_json_are_stable()
    {
        var json = JsonDocument.Parse(SummaryFile.Write(Summarizer.Summarize(SearchRun.Build()))).RootElement.GetProperty("search");

        Assert.Equal(
            ["ending", "holds", "confirmed", "breaks", "brokenBy", "knee", "generatorLimit", "confidence", "near", "agreeing", "asked", "plateaus"],
            json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("found", 440), (json.GetProperty("ending").GetString(), json.GetProperty("holds").GetInt32()));
        Assert.Equal(["metric", "expression", "limit", "held", "actual"], json.GetProperty("brokenBy").EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ["number", "phase", "rate", "fromSecond", "seconds", "asked", "ok", "failed", "mean", "p50", "p95", "p99", "criteria", "outcome", "delivered", "errorShare", "brokenBy"],
            json.GetProperty("plateaus")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("broke", json.GetProperty("plateaus")[6].GetProperty("outcome").GetString());
        Assert.False(JsonDocument.Parse(SummaryFile.Write(Summarizer.Summarize(DemoRun.Build()))).RootElement.TryGetProperty("search", out _));
    }

    [Fact]
    public void A_summary_with_a_search_is_read_back()
    {
        var summary = Summarizer.Summarize(SearchRun.Build());

        Assert.Equal(SummaryFile.Write(summary), SummaryFile.Write(SummaryFile.Read(SummaryFile.Write(summary))));
    }

    [Theory]
    [InlineData(ReportLanguage.En, "Holds 440 requests/s, breaks at 451", "Confidence: high (92 %). Of 10 plateaus near the result, 10 agree", "The knee is at 252 requests/s")]
    [InlineData(ReportLanguage.Zh, "可承载 440 请求/秒，451 请求/秒时不再满足", "可信度：高（92 %）", "拐点在 252 请求/秒")]
    public void The_section_tells_result_confidence_knee_and_every_plateau(ReportLanguage language, params string[] said)
    {
        var html = HtmlReport.Render(new ReportModel(SearchRun.Build(), Summarizer.Summarize(SearchRun.Build()), language));
        var body = ScriptsAndStyles().Replace(html, "");

        Assert.All(said, s => Assert.Contains(s, body, StringComparison.Ordinal));
        Assert.Contains("data-chart=\"searchThroughput\"", body, StringComparison.Ordinal);
        Assert.Contains("data-chart=\"searchLatency\"", body, StringComparison.Ordinal);
        Assert.Equal(17, Regex.Count(body, "<span class=\"chip (ok|bad)\">. (holds|breaks|承载|不满足)</span>"));
    }

    [Fact]
    public void The_charts_get_a_point_a_rate_with_its_median_and_the_limits_of_response_time()
    {
        var curve = SearchCurve.Of(Summarizer.Summarize(SearchRun.Build()).Search!);

        Assert.Equal([50, 75, 112, 168, 252, 378, 418, 440, 451, 463, 567], curve.Points.Select(p => p.Offered));
        Assert.Equal((460, "broke"), (curve.Points[^1].Delivered, curve.Points[^1].Outcome));
        Assert.Equal([200], curve.Limits.Select(l => l.Milliseconds));
        Assert.Equal((252.0, 440.0), (curve.Knee, curve.Holds));
    }

    [Fact]
    public void A_run_that_is_no_search_has_no_such_section() =>
        Assert.DoesNotContain("searchThroughput\"", ScriptsAndStyles().Replace(HtmlReport.Render(new ReportModel(DemoRun.Build(10), Summarizer.Summarize(DemoRun.Build(10)), ReportLanguage.En)), ""), StringComparison.Ordinal);

    [Fact]
    public void Every_phase_and_outcome_has_a_word()
    {
        Assert.All(Enum.GetValues<SearchPhase>(), p => Assert.True(Strings.Has("search.phase." + p)));
        Assert.All(Enum.GetValues<PlateauOutcome>(), o => Assert.True(Strings.Has("search.outcome." + o)));
        foreach (var ending in Enum.GetValues<SearchEnding>())
            Assert.All(SearchSentences.Result(SearchSummary.Of(SearchRun.Build(Found with { Ending = ending }))!), s => Assert.NotEmpty(s.In(ReportLanguage.Zh)));
    }

    [GeneratedRegex("<(script|style).*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex ScriptsAndStyles();
}
