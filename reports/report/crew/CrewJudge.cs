namespace Pressure.Reports;

/// <summary>What lost workers do to a verdict.</summary>
internal static class CrewJudge
{
    /// <summary>Why the result is invalid; null when what was lost is tolerated.</summary>
    public static Sentence? Lost(Crew? crew) => crew is { LostTooMuch: true }
        ? new("reason.workersLost", Figures.Count(crew.UnsentRequests), Figures.Count(crew.Asked), Figures.Share(crew.UnsentShare), ByWorker(crew), Figures.Share(crew.Manifest.Tolerance))
        : null;

    /// <summary>What a reader should know; null when no worker was lost and nothing is missing.</summary>
    public static Sentence? Notice(Crew crew)
    {
        if (Lost(crew) is { } tooMuch)
            return tooMuch;
        if (crew.UnsentRequests > 0)
            return new("finding.workersUnsent", Figures.Count(crew.UnsentRequests), Figures.Share(crew.UnsentShare), ByWorker(crew), Figures.Share(crew.Manifest.Tolerance));
        return crew.Lost.Any() ? new("finding.workersLost", Finding.Names([.. crew.Lost.Select(w => w.Name)])) : null;
    }

    /// <summary>Whose requests they were: <c>w3 (1,200), w5 (300) and 2 more</c>.</summary>
    private static Sentence ByWorker(Crew crew) => Finding.Names(
        [.. crew.Unsent.GroupBy(u => u.Worker).Select(g => (g.Key, Requests: g.Sum(u => u.Requests))).OrderByDescending(g => g.Requests).Select(g => $"{g.Key} ({Figures.Count(g.Requests)})")]);
}
