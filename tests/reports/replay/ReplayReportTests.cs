using System.Text.Json;
using System.Text.RegularExpressions;
using Pressure.Record;

namespace Pressure.Reports.Tests;

public partial class ReplayReportTests
{
    private static readonly ReplayRecord Once = new()
    {
        Captures = [new("a.capture", 10_000, 9_870, 40, TimeSpan.FromSeconds(60))],
        Speed = 1,
        Planned = 9_870,
        Sent = 9_870,
        Timing = [new(50, TimeSpan.FromMicroseconds(34)), new(99, TimeSpan.FromMilliseconds(1.2)), new(100, TimeSpan.FromMilliseconds(3))],
    };

    private static readonly ReplayRecord Live = Once with
    {
        Captures =
        [
            new("eth0", 8_000, 7_930, 31, TimeSpan.FromSeconds(60)) { Sent = 7_930, Live = new(0, 0, 0, 0, 12, 0) },
            new("web-2", 2_000, 1_940, 9, TimeSpan.FromSeconds(60)) { Sent = 1_940, Live = new(120, 30, 7, 3, 41, 2, "the agent is not connected") },
        ],
    };

    public static TheoryData<string, ReplayRecord, string, string> Loads => new()
    {
        { "captured timing", Once, "replay of 1 capture at 1x", "回放 1 份采集文件，1 倍速" },
        { "several", ReplayRun.Replay, "replay of 2 captures at 2x, 5 clients for each", "回放 2 份采集文件，2 倍速，每个客户端扩为 5 个" },
        { "at a rate", Once with { Rate = 500 }, "replay of 1 capture at 500 requests/s", "回放 1 份采集文件，500 请求/秒" },
        { "fast", Once with { Speed = null }, "replay of 1 capture as fast as possible", "回放 1 份采集文件，以最快速度" },
        { "live", Live, "live replay of 2 sources", "实时回放 2 个来源的流量" },
        { "an interface", Live with { Captures = [Live.Captures[0]], Multiply = 3 }, "live replay of eth0, 3 clients for each", "实时回放 eth0 的流量，每个客户端扩为 3 个" },
    };

    public static TheoryData<string, ReplayRecord, string> Fidelities => new()
    {
        { "once", Once, "98.7 % of 10,000 captured requests were sent again, half of them within 34\u00A0µs of their moment, 99 % within 1.2\u00A0ms." },
        { "copied", ReplayRun.Replay, "98.7 % of 10,000 captured requests were replayed as 49,350 requests, and 99.94 % of these sent, half of them within 45\u00A0µs of their moment, 99 % within 870\u00A0µs." },
        { "fast", Once with { Speed = null }, "98.7 % of 10,000 captured requests were sent again, as fast as the target answered." },
        { "cut short", Once with { Sent = 100 }, "1 % of 10,000 captured requests were sent again, half of them within" },
        { "nothing", Once with { Sent = 0 }, "Of 10,000 captured requests none was sent again." },
    };

    [Theory]
    [MemberData(nameof(Loads))]
    public void The_head_tells_what_was_replayed_and_how(string name, ReplayRecord replay, string english, string chinese)
    {
        Assert.NotEmpty(name);
        Assert.Equal(english, LoadText.Short(Model(replay, null)));
        Assert.Equal(chinese, LoadText.Short(Model(replay, null, ReportLanguage.Zh)));
    }

    [Fact]
    public void A_replay_that_told_nothing_of_itself_is_named_by_what_was_planned() =>
        Assert.Equal("captured traffic, 49,350 requests", LoadText.Short(Model(null, null)));

    [Theory]
    [MemberData(nameof(Fidelities))]
    public void How_much_went_out_again_is_told_in_a_sentence(string name, ReplayRecord replay, string said)
    {
        Assert.NotEmpty(name);
        Assert.StartsWith(said, ReplaySentences.Sent(ReplaySummary.Of(ReplayRun.Build(replay))!).In(ReportLanguage.En), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.2, 0, true)]
    [InlineData(11, 0, false)]
    [InlineData(1.2, 0.02, false)]
    public void Timing_was_kept_when_hardly_any_request_was_late_and_the_whole_did_not_drift(double p99, double drift, bool kept)
    {
        var replay = Once with { Timing = [new(50, TimeSpan.Zero), new(99, TimeSpan.FromMilliseconds(p99))], Drift = drift };

        Assert.Equal(kept, ReplaySentences.IsTimingKept(ReplaySummary.Of(ReplayRun.Build(replay))!));
        Assert.Null(ReplaySentences.IsTimingKept(ReplaySummary.Of(ReplayRun.Build(replay with { Speed = null }))!));
    }

    [Fact]
    public void A_percentile_that_was_not_kept_is_the_next_one_above()
    {
        var timing = TimingSummary.Of([new(100, TimeSpan.FromMilliseconds(9)), new(60, TimeSpan.FromMilliseconds(2)), new(99, TimeSpan.FromMilliseconds(5)), new(10, TimeSpan.FromMilliseconds(1))]);

        Assert.Equal(new TimingSummary(2, 5, 5, 9, 9), timing);
    }

    [Fact]
    public void The_keys_in_summary_json_are_stable()
    {
        var json = JsonDocument.Parse(SummaryFile.Write(Summarizer.Summarize(ReplayRun.Build(ReplayRun.Replay, ReplayRun.Differences)))).RootElement;
        var (replay, differences) = (json.GetProperty("replay"), json.GetProperty("differences"));

        Assert.Equal(
            ["captures", "captured", "replayed", "planned", "sent", "skipped", "held", "speed", "rate", "multiply", "carried", "leftOut", "untold", "timing", "drift"],
            replay.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["name", "requests", "replayed", "connections", "seconds", "sent", "live"], replay.GetProperty("captures")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["p50", "p90", "p99", "p999", "max"], replay.GetProperty("timing").EnumerateObject().Select(p => p.Name));
        Assert.Equal((10_000, 101, 0.87), (replay.GetProperty("captured").GetInt64(), replay.GetProperty("skipped").GetProperty("method").GetInt64(), replay.GetProperty("timing").GetProperty("p99").GetDouble()));
        Assert.Equal(
            ["against", "compared", "same", "differing", "notCompared", "partsLeftOut", "fields", "moreFields"],
            differences.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ["endpoint", "field", "kind", "answers", "of", "noise", "samples", "isNoise"],
            differences.GetProperty("fields")[0].EnumerateObject().Select(p => p.Name).OrderBy(n => n == "isNoise"));
        var plain = JsonDocument.Parse(SummaryFile.Write(Summarizer.Summarize(DemoRun.Build()))).RootElement;
        Assert.False(plain.TryGetProperty("replay", out _) || plain.TryGetProperty("differences", out _));
    }

    [Theory]
    [InlineData(ReportLanguage.En, "by w1, w2, &lt;w3&gt;: lost before it told more")]
    [InlineData(ReportLanguage.Zh, "由 w1, w2, &lt;w3&gt; 发送，失联前未上报明细")]
    public void Of_what_lost_workers_sent_it_is_said_that_details_are_missing(ReportLanguage language, string note)
    {
        Assert.DoesNotContain(note, Body(ReplayRun.Replay, null, language), StringComparison.Ordinal);
        var body = Body(ReplayRun.Replay with { Untold = [new("w1, w2", 0, 1_000), new("<w3>", 1, 77)] }, null, language);
        Assert.Contains(note, body, StringComparison.Ordinal);
        Assert.Contains("1,077", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_is_read_back()
    {
        var summary = Summarizer.Summarize(ReplayRun.Build(ReplayRun.Replay, ReplayRun.Differences));

        Assert.Equal(SummaryFile.Write(summary), SummaryFile.Write(SummaryFile.Read(SummaryFile.Write(summary))));
    }

    [Theory]
    [InlineData(ReportLanguage.En, "120 packets by the kernel, 30 to spare the processor, 7 on the way", "came when its moment had passed")]
    [InlineData(ReportLanguage.Zh, "内核丢弃 120 个数据包", "到达时已过发送时刻")]
    public void Live_sources_have_a_line_each_with_what_was_lost(ReportLanguage language, params string[] said)
    {
        var body = Body(Live, null, language);

        Assert.All((string[])[.. said, "eth0", "web-2", "the agent is not connected", "157"], text => Assert.Contains(text, body, StringComparison.Ordinal));
        Assert.DoesNotContain("<td class=\"n\">0<small>", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate < 1%", false, "1.2 %")]
    [InlineData("rate < 2%", true, "1.2 %")]
    public void Answers_that_differ_can_fail_a_run(string expression, bool passed, string actual)
    {
        var summary = Summarizer.Summarize(ReplayRun.Build(ReplayRun.Replay, ReplayRun.Differences, expression));

        Assert.Equal((passed, actual), (summary.Thresholds[0].Passed, summary.Thresholds[0].ActualText));
        Assert.Equal(passed ? (Verdict.Passed, 0) : (Verdict.Failed, 99), (summary.Verdict, summary.ExitCode));
    }

    [Fact]
    public void A_criterion_on_answers_that_were_not_compared_fails()
    {
        Assert.NotNull(Summarizer.Summarize(ReplayRun.Build(ReplayRun.Replay, null, "rate < 1%")).Thresholds[0].Error);
        Assert.NotNull(Summarizer.Summarize(ReplayRun.Build(ReplayRun.Replay, ReplayRun.Differences with { Compared = 0, Same = 0 }, "rate < 1%")).Thresholds[0].Error);
    }

    [Theory]
    [InlineData(ReportLanguage.En, "Replay fidelity", "timing kept", "a method that may write and was not named", "7 fields of 3 endpoints differ", "another type", "Compared in part", "values were masked in the capture")]
    [InlineData(ReportLanguage.Zh, "回放保真度", "时序一致", "可能写入的方法，未经指定", "3 个接口的 7 个字段有差异", "类型不同", "部分比对", "采集时已脱敏的值未比对")]
    public void The_sections_tell_what_was_sent_and_what_differs(ReportLanguage language, params string[] said)
    {
        var body = Body(ReplayRun.Replay, ReplayRun.Differences, language);

        Assert.All(said, s => Assert.Contains(s, body, StringComparison.Ordinal));
        Assert.Contains("data-chart=\"sendingError\"", body, StringComparison.Ordinal);
        Assert.Contains("somethingNew", body, StringComparison.Ordinal);
    }

    [Fact]
    public void What_answers_bring_along_is_escaped()
    {
        var body = Body(ReplayRun.Replay, ReplayRun.Differences, ReportLanguage.En);

        Assert.DoesNotContain("<img src=x", body, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>bold</b>", body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", body, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_have_a_bound()
    {
        var many = ReplayRun.Differences with { Fields = [.. Enumerable.Range(0, 5_000).Select(i => new FieldDifference($"GET /{i}", "$.a", "changed", 1, 10, 0, []))] };

        var body = Body(ReplayRun.Replay, many, ReportLanguage.En);

        Assert.Equal(60, Regex.Count(body, "rowgroup"));
        Assert.Contains("4,943 more are in differences.json", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_as_fast_as_possible_has_no_errors_of_sending() =>
        Assert.DoesNotContain("sendingError", Body(Once with { Speed = null }, null, ReportLanguage.En), StringComparison.Ordinal);

    [Fact]
    public void A_run_that_replays_and_compares_nothing_has_no_such_sections()
    {
        var body = ScriptsAndStyles().Replace(HtmlReport.Render(new ReportModel(DemoRun.Build(10), Summarizer.Summarize(DemoRun.Build(10)), ReportLanguage.En)), "");

        Assert.DoesNotContain("Replay fidelity", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Answers compared", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReportLanguage.En)]
    [InlineData(ReportLanguage.Zh)]
    public void Nothing_but_empty_records_makes_a_report_all_the_same(ReportLanguage language)
    {
        var body = Body(new ReplayRecord { Captures = [], Speed = 1 }, new DifferenceRecord { Compared = 0, Same = 0, Against = "" }, language);

        Assert.DoesNotContain("NaN", body, StringComparison.Ordinal);
    }

    private static ReportModel Model(ReplayRecord? replay, DifferenceRecord? differences, ReportLanguage language = ReportLanguage.En)
    {
        var run = ReplayRun.Build(replay, differences);
        return new ReportModel(run, Summarizer.Summarize(run), language);
    }

    private static string Body(ReplayRecord? replay, DifferenceRecord? differences, ReportLanguage language) =>
        ScriptsAndStyles().Replace(HtmlReport.Render(Model(replay, differences, language)), "");

    [GeneratedRegex("<(script|style).*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex ScriptsAndStyles();
}
