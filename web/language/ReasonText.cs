using System.Text.RegularExpressions;
using Pressure.Reports;

namespace Pressure.Web.Language;

/// <summary>Why a run got its verdict, in the visitor's language: the summary's own sentence is English.</summary>
internal static partial class ReasonText
{
    public static string Of(RunSummary summary, Texts t) => t.Language == ReportLanguage.En ? summary.Reason : summary.Verdict switch
    {
        Verdict.Passed or Verdict.Failed or Verdict.Invalid when summary is { Search: { } search, Requests.Ok: > 0 } => SearchWords.Result(search, t.Language) + Missed(summary, t),
        Verdict.Passed => t.With("reason.passed", summary.Thresholds.Count),
        Verdict.Failed or Verdict.Stopped when summary.Requests is { Ok: 0, Failed: > 0 } => AllFailed(summary, t),
        Verdict.Failed => Missed(summary, t),
        Verdict.Stopped => t.With("reason.stopped", Figures.Span(TimeSpan.FromSeconds(summary.DurationSeconds))),
        Verdict.Invalid when summary.Requests.Sent == 0 => t["reason.nothing"],
        Verdict.Invalid when summary.Generator.Saturated => t.With("reason.saturated", Figures.Duration(summary.Generator.LateP99)),
        Verdict.Invalid => t.With("reason.notDelivered", Figures.Count(summary.Requests.Asked), Figures.Count(summary.Load.NotSent)),
        Verdict.Error => t.With("reason.error", summary.Reason),
        _ => "",
    };

    private static string Missed(RunSummary summary, Texts t) =>
        string.Join(" ", summary.Thresholds.Where(c => !c.Passed).Select(c => t.With("reason.missed", Criterion(c, t), c.ActualText)));

    private static string AllFailed(RunSummary summary, Texts t)
    {
        var (error, _) = summary.Errors.OrderByDescending(e => e.Value).FirstOrDefault();
        var (status, _) = summary.Statuses.OrderByDescending(s => s.Value).FirstOrDefault();
        return error == "checkFailed" && status is not null
            ? t.With("event.targetFailingStatus", status)
            : t.With("event.targetFailing", t.Or($"error.{System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(error ?? "")}", ""));
    }

    /// <summary>The two kinds of criteria that the form makes, in words; any other as it is written.</summary>
    private static string Criterion(ThresholdResult result, Texts t)
    {
        if (Percentile().Match(result.Expression) is { Success: true } time)
            return t.With("reason.criterion.time", time.Groups[1].Value, time.Groups[2].Value);
        return Errors().Match(result.Expression) is { Success: true } errors ? t.With("reason.criterion.errors", errors.Groups[1].Value) : result.Expression;
    }

    [GeneratedRegex(@"\Ahttp_req_duration\W+p\(([\d.]+)\)\s*(<=?\s*[\w.]+)\s*\z")]
    private static partial Regex Percentile();

    [GeneratedRegex(@"\Ahttp_req_failed\W+rate\s*(<=?\s*[\d.]+\s*%?)\s*\z")]
    private static partial Regex Errors();
}
