namespace Pressure.Reports;

/// <summary>Requests that were due and never went out.</summary>
internal static class UnsentRequests
{
    public static Sentence? Find(ReportModel model) => model.Total.NotSent == 0 ? null : new Sentence("finding.notSent",
        Figures.Count(model.Total.NotSent), Figures.Share((double)model.Total.NotSent / Math.Max(1, model.Total.Asked)));
}
