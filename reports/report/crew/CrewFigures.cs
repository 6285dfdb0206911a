namespace Pressure.Reports;

/// <summary>A crew in figures, for the summary.</summary>
internal static class CrewFigures
{
    public static CrewSummary Of(Crew crew) => new(
        crew.Manifest.Heartbeat.TotalSeconds, crew.Manifest.Lease.TotalSeconds, crew.Manifest.Tolerance, crew.UnsentRequests, Math.Round(crew.UnsentShare, 6), CrewJudge.Notice(crew)?.In(ReportLanguage.En));

    public static IReadOnlyList<WorkerSummary> Workers(Crew? crew) => crew is null ? [] : [.. crew.Workers.Select(Of)];

    private static WorkerSummary Of(WorkerTrack w) => new(
        w.Name, w.Manifest.Region, Math.Round(w.Share, 6), w.Sent, w.Asked, w.NotSent, Math.Round(w.Cpu, 3), w.LateP99, w.Saturation is not null, w.LostAt is not null,
        Durations.Milliseconds(w.Manifest.ClockOffset), Durations.Milliseconds(w.Manifest.ClockUncertainty))
    {
        Shares = w.Shares,
        Unsent = w.Unsent,
        Why = w.Saturation?.Clause.In(ReportLanguage.En),
        LostAt = Seconds(w.LostAt),
        HeardAt = Seconds(w.HeardAt),
        Capacity = w.Manifest.Capacity,
    };

    private static double? Seconds(TimeSpan? at) => at is { } known ? Math.Round(known.TotalSeconds, 3) : null;
}
