using Pressure.Record;

namespace Pressure.Reports;

/// <summary>From figures to a verdict. The first rule that applies decides:</summary>
/// <remarks>
/// something that chaos did is left &gt; error (ours) &gt; stopped &gt; ended by an abort rule: failed (invalid if the generator was saturated) &gt; nothing measured: invalid &gt; every request failed: failed, criteria or not &gt;
/// a capacity search without a result: failed when nothing held, else invalid &gt;
/// generator (or one of its workers) saturated, more lost with workers than is tolerated, or asked rate not delivered: invalid &gt; a criterion or an experiment that did not hold: failed &gt; no criteria &gt; passed.
/// "Every request failed" stands above "invalid" because an unreachable target is the truth about the target, whatever the generator did.
/// </remarks>
internal static class VerdictRule
{
    /// <summary>Share of the asked requests that may stay unsent before the figures count for nothing.</summary>
    public const double NotSentTolerance = 0.01;

    /// <summary>How many missed criteria the reason names.</summary>
    private const int NamedCriteria = 2;

    public static Judgement Judge(RunRecord run, MeasuredRun measured, IReadOnlyList<ThresholdResult> thresholds, Saturation? saturation, ChaosSummary? chaos, Crew? crew)
    {
        var judgement = OfLoad(run, measured, thresholds, saturation, chaos, crew);
        return ChaosJudge.Left(chaos) is { } left ? new(left.Verdict, [.. left.Reasons, .. judgement.Reasons]) : judgement;
    }

    private static Judgement OfLoad(RunRecord run, MeasuredRun measured, IReadOnlyList<ThresholdResult> thresholds, Saturation? saturation, ChaosSummary? chaos, Crew? crew)
    {
        var total = measured.Total();
        if (run.Events.OfType<TimelineEvent.RunFailed>().FirstOrDefault() is { } failure)
            return new(Verdict.Error, new Sentence("reason.error", Figures.Span(failure.At), EventText.Why(failure)));
        if (run.Manifest.IsDrill)
            return ChaosJudge.OfDrill(run, chaos);
        if (WhyCutShort(run, measured) is { } cut)
            return new(Verdict.Stopped, [cut, .. AllFailed(total) is { } why ? [why] : SearchJudge.Seen(SearchSummary.Of(run))]);
        if (WhyAborted(run) is { } aborted)
            return saturation is null ? new(Verdict.Failed, aborted) : new(Verdict.Invalid, [saturation.Reason, aborted]);
        if (total.Ok + total.Failed == 0)
            return new(Verdict.Invalid, new Sentence("reason.nothing"));
        if (AllFailed(total) is { } allFailed)
            return new(Verdict.Failed, allFailed);
        var search = SearchSummary.Of(run);
        if (search is not null && SearchJudge.WithoutResult(search) is { } noResult)
            return noResult;
        if (((Sentence?[])[saturation?.Reason, CrewJudge.Lost(crew)]).OfType<Sentence>().ToList() is { Count: > 0 } untrue)
            return new(Verdict.Invalid, untrue);
        // Users ask for no rate that could have been missed.
        // What was lost with workers has a tolerance of its own.
        var notSent = total.NotSent - Math.Min(total.NotSent, crew?.UnsentRequests ?? 0);
        if (run.Manifest.Load.Users.Count == 0 && notSent > NotSentTolerance * total.Asked)
            return new(Verdict.Invalid, new Sentence("reason.notDelivered", Figures.Count(notSent), Figures.Count(total.Asked), Figures.Share((double)notSent / total.Asked)));
        return ChaosJudge.With(search is null ? ByCriteria(measured, thresholds) : SearchJudge.WithCriteria(search, thresholds.Count == 0 ? null : ByCriteria(measured, thresholds)), chaos);
    }

    private static Judgement ByCriteria(MeasuredRun measured, IReadOnlyList<ThresholdResult> thresholds)
    {
        if (thresholds.Count == 0)
            return new(Verdict.NoCriteria, new Sentence("reason.noCriteria"));
        var missed = thresholds.Select((t, i) => (Result: t, Written: measured.Manifest.Thresholds[i])).Where(t => !t.Result.Passed).ToList();
        if (missed.Count == 0)
            return new(Verdict.Passed, thresholds.Count == 1 ? new Sentence("reason.passedOne") : new Sentence("reason.passed", thresholds.Count));
        List<Sentence> reasons = [new Sentence("reason.failed", missed.Count, thresholds.Count)];
        reasons.AddRange(missed.Take(NamedCriteria).Select(m => ThresholdJudge.WhyUnjudged(m.Written, measured) is { } why
            ? new Sentence("reason.unjudged", CriterionText.Of(m.Written), why)
            : new Sentence("reason.missed", CriterionText.Of(m.Written), m.Result.ActualText)));
        if (WeakestService.Find(measured) is { } weakest)
            reasons.Add(weakest.Sentence);
        return new(Verdict.Failed, reasons);
    }

    private static Sentence? WhyAborted(RunRecord run) => run.Events.OfType<TimelineEvent.Aborted>().FirstOrDefault() is { } aborted
        ? new("reason.aborted", Figures.Span(aborted.At), Figures.Span(run.Manifest.Duration), CriterionText.Of(new(aborted.Metric, aborted.Expression)), aborted.Actual, Figures.Span(aborted.Over))
        : null;

    private static Sentence? WhyCutShort(RunRecord run, MeasuredRun measured)
    {
        // Nobody said how long: to be stopped was its end.
        if (run.Manifest.Load.OpenEnded && run.Ended)
            return null;
        // A graceful stop that took too long for somebody was none.
        if (run.Events.OfType<TimelineEvent.StopRequested>().MinBy(s => s.Graceful) is { } stop)
            return new Sentence(stop.Graceful ? "reason.stoppedGracefully" : "reason.stopped", stop.By, Figures.Span(stop.At), Figures.Span(run.Manifest.Duration));
        return run.Ended ? null : new Sentence("reason.interrupted", Figures.Span(measured.End), Figures.Span(run.Manifest.Duration));
    }

    private static Sentence? AllFailed(RequestInterval total)
    {
        if (total.Ok > 0 || total.Failed == 0)
            return null;
        var error = total.Errors().OrderByDescending(e => e.Count).Select(e => e.Error).FirstOrDefault();
        var status = total.Statuses().OrderByDescending(s => s.Count).Select(s => s.Status).FirstOrDefault();
        return error == RequestError.CheckFailed && status > 0
            ? new Sentence("reason.allFailedStatus", status)
            : new Sentence("reason.allFailed", Outcomes.Name(error), new Sentence("error." + Outcomes.Name(error)));
    }
}
