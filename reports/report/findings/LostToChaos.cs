namespace Pressure.Reports;

/// <summary>Strikes that cost requests, and whether the target came back.</summary>
internal static class LostToChaos
{
    private const int Most = 5;

    public static IEnumerable<Finding> Find(ReportModel model)
    {
        if (model.Summary.Chaos is not { } chaos)
            return [];
        return chaos.Recovery.Where(r => r is { Lost: > 0, FailingAt: not null }).Take(Most).Select(r => new Finding(Say(r, chaos)));
    }

    private static Sentence Say(RecoveryFigures r, ChaosSummary chaos)
    {
        var under = chaos.Faults.Where(f => r.Experiment.Length > 0 ? f.Experiment == r.Experiment : f.OnAt.Equals(r.StruckAt)).Select(f => f.On).Distinct().ToList();
        return r.ToRecover is { } took
            ? new("finding.lost", Figures.Count(r.Lost!.Value), Finding.Names(under), ReportModel.Clock(r.StruckAt), Figures.Span(TimeSpan.FromSeconds(Math.Round(took, 1))))
            : new("finding.lostForGood", Figures.Count(r.Lost!.Value), Finding.Names(under), ReportModel.Clock(r.StruckAt));
    }
}
