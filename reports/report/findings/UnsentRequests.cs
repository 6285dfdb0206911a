namespace Pressure.Reports;

/// <summary>Requests that were due and never went out.</summary>
internal static class UnsentRequests
{
    public static Sentence? Find(ReportModel model)
    {
        // What was lost with workers is told by itself.
        var notSent = model.Total.NotSent - (model.Crew?.UnsentRequests ?? 0);
        return notSent <= 0 ? null : new Sentence("finding.notSent", Figures.Count(notSent), Figures.Share((double)notSent / Math.Max(1, model.Total.Asked)));
    }
}
