using System.Text.RegularExpressions;
using Pressure.Reports;

namespace Pressure.Web.Language;

/// <summary>Why a run got its verdict, in the visitor's language: the summary's own sentence is English.</summary>
internal static partial class ReasonText
{
    public static string Of(RunSummary summary, Texts t) => t.Language == ReportLanguage.En ? summary.Reason : summary.Verdict switch
    {
        Verdict.Passed => t.With("reason.passed", summary.Thresholds.Count),
        Verdict.Failed when summary.Abort is { } a => t.With("reason.aborted", Criterion(a.Expression, t), a.ActualText, Figures.Span(TimeSpan.FromSeconds(a.Over))),
        Verdict.Failed or Verdict.Stopped when summary.Requests is { Ok: 0, Failed: > 0 } => AllFailed(summary, t),
        Verdict.Failed => string.Join(" ", summary.Thresholds.Where(c => !c.Passed).Select(c => t.With("reason.missed", Criterion(c.Expression, t), c.ActualText))),
        Verdict.Stopped => t.With("reason.stopped", Figures.Span(TimeSpan.FromSeconds(summary.DurationSeconds))),
        Verdict.Invalid when summary.Requests.Sent == 0 => t["reason.nothing"],
        Verdict.Invalid when summary.Generator is { Saturated: true, LateP99: < 10 } => t["reason.overrun"],
        Verdict.Invalid when summary.Generator.Saturated => t.With("reason.saturated", Figures.Duration(summary.Generator.LateP99)),
        Verdict.Invalid => t.With("reason.notDelivered", Figures.Count(summary.Requests.Asked), Figures.Count(summary.Load.NotSent)),
        Verdict.Error => t.With("reason.error", summary.Reason),
        _ => "",
    };

    private static string AllFailed(RunSummary summary, Texts t)
    {
        var (error, _) = summary.Errors.OrderByDescending(e => e.Value).FirstOrDefault();
        var (status, _) = summary.Statuses.OrderByDescending(s => s.Value).FirstOrDefault();
        return error == "checkFailed" && status is not null
            ? t.With("event.targetFailingStatus", status)
            : t.With("event.targetFailing", t.Or($"error.{System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(error ?? "")}", ""));
    }

    /// <summary>The two kinds of criteria that the form makes, in words; any other as it is written.</summary>
    public static string Criterion(string expression, Texts t)
    {
        if (Percentile().Match(expression) is { Success: true } time)
            return t.With("reason.criterion.time", time.Groups[1].Value, time.Groups[2].Value);
        return Errors().Match(expression) is { Success: true } errors ? t.With("reason.criterion.errors", errors.Groups[1].Value) : expression;
    }

    [GeneratedRegex(@"\Ahttp_req_duration\W+p\(([\d.]+)\)\s*(<=?\s*[\w.]+)\s*\z")]
    private static partial Regex Percentile();

    [GeneratedRegex(@"\Ahttp_req_failed\W+rate\s*(<=?\s*[\d.]+\s*%?)\s*\z")]
    private static partial Regex Errors();
}
