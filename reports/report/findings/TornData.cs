namespace Pressure.Reports;

/// <summary>What a crash or a full disk took from the record.</summary>
internal static class TornData
{
    public static Sentence? Find(ReportModel model) => model.Run.Recoveries.Count == 0 ? null : new Sentence("finding.torn",
        string.Join(", ", model.Run.Recoveries.Select(r => r.File)), Figures.Bytes(model.Run.Recoveries.Sum(r => r.BytesCut)));
}
