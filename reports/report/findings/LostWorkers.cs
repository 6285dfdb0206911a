namespace Pressure.Reports;

/// <summary>Workers that were lost, and what nobody made for them.</summary>
internal static class LostWorkers
{
    public static Sentence? Find(ReportModel model) => model.Crew is { } crew ? CrewJudge.Notice(crew) : null;
}
