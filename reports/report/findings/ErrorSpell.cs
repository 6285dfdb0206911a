using Pressure.Record;

namespace Pressure.Reports;

/// <summary>When errors began and ended, and what most of them were.</summary>
internal static class ErrorSpell
{
    public static Sentence? Find(ReportModel model)
    {
        // A search means to break the target: only errors at the rate found are worth a word.
        var failing = model.Seconds.Where(p => !p.WarmUp && p.Failed > 0 && (model.Summary.Search?.Holds is null || model.Measured.Counts(p.Second))).ToList();
        if (failing.Count == 0)
            return null;
        var most = model.Total.Errors().MaxBy(e => e.Count);
        var badStatus = model.Total.Statuses().Where(s => s.Status >= 400).OrderByDescending(s => s.Count).FirstOrDefault();
        var cause = most.Error == RequestError.CheckFailed && badStatus.Count > 0
            ? new Sentence("finding.cause.status", badStatus.Status, Figures.Count(badStatus.Count))
            : new Sentence("finding.cause.error", Outcomes.Name(most.Error), Figures.Count(most.Count));
        var (from, to) = (ReportModel.Clock(failing[0].Second), ReportModel.Clock(failing[^1].Second + 1));
        var key = model.Total.Ok == 0 ? "finding.errors.all" : failing.Count <= 1 ? "finding.errors.once" : "finding.errors";
        return new Sentence(key, from, to, Figures.Count(failing.Sum(p => p.Failed)), cause);
    }
}
