namespace Pressure.Reports;

/// <summary>
/// The resilience score: points of those to be had, as a share of 100, rounded down. What does not apply (requests, where there is no load) counts neither way;
/// probes always apply, so that without any the score is never 100.
/// <code>
/// steady-state 40   mean over all probes of the share of the time from the first strike on in which it held; 0 for one that failed at the end, 0 without probes
/// recovered    30   share of the strikes after which all was well again, or never was otherwise
/// requests     20   1 - share of the requests asked for, from the first strike on, that were lost
/// undone       10   share of the faults of which nothing is left
/// </code>
/// </summary>
internal static class ScoreRule
{
    private const int SteadyState = 40, Recovered = 30, Requests = 20, Undone = 10;

    /// <summary>Null when nothing struck.</summary>
    /// <param name="strikes">How each strike was taken.</param>
    /// <param name="undone">Of each fault, whether nothing of it is left.</param>
    /// <param name="probes">What probes said.</param>
    /// <param name="load">The load's seconds.</param>
    /// <param name="end">Until when anything is known.</param>
    public static ResilienceScore? Of(IReadOnlyList<RecoveryFigures> strikes, IReadOnlyList<bool> undone, IReadOnlyList<ProbeTrack> probes, LoadSeconds load, TimeSpan end)
    {
        if (strikes.Count == 0)
            return null;
        var first = TimeSpan.FromSeconds(strikes.Min(s => s.StruckAt));
        List<ScorePart> parts =
        [
            Part("steady-state", SteadyState, probes.Count == 0 ? 0 : probes.Average(p => Held(p, first, end))),
            Part("recovered", Recovered, (double)strikes.Count(s => s.Withstood) / strikes.Count),
        ];
        if (load.Asked(first, end) is > 0 and var asked)
            parts.Add(Part("requests", Requests, 1 - Math.Min(1, (double)strikes.Sum(s => s.Lost ?? 0) / asked)));
        parts.Add(Part("undone", Undone, (double)undone.Count(u => u) / undone.Count));
        return new((int)Math.Floor(100 * parts.Sum(p => p.Points) / parts.Sum(p => p.Of) + 1e-9), parts);
    }

    private static double Held(ProbeTrack probe, TimeSpan first, TimeSpan end) =>
        !probe.HeldAtEnd ? 0 : end > first ? 1 - probe.FailedWithin(first, end) / (end - first) : 1;

    private static ScorePart Part(string name, int of, double share) => new(name, Math.Floor(share * of * 100 + 1e-6) / 100, of);
}
