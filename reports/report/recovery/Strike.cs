using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What disturbed the target at once: the faults of one experiment, or one that belongs to none.</summary>
/// <param name="Experiment">The experiment's id; empty for none.</param>
/// <param name="Title">Its title, or the fault and what it struck.</param>
/// <param name="At">When the first fault came into force.</param>
/// <param name="Until">When the last one was off, and the experiment over; null when that was not told.</param>
internal sealed record Strike(string Experiment, string Title, TimeSpan At, TimeSpan? Until)
{
    /// <summary>All strikes in order of time.</summary>
    public static IReadOnlyList<Strike> Of(IReadOnlyList<TimelineEvent> events)
    {
        var titles = events.OfType<TimelineEvent.ExperimentStarted>().GroupBy(e => e.Experiment).ToDictionary(g => g.Key, g => g.First().Title);
        var faults = events.OfType<TimelineEvent.FaultOn>().ToList();
        // A fault of no experiment is a strike of its own.
        return [.. faults.GroupBy(f => f.Experiment.Length > 0 ? f.Experiment : f.Handle).Select(g => new Strike(
            g.First().Experiment,
            titles.GetValueOrDefault(g.Key) ?? $"{g.First().Fault}: {g.First().On}",
            g.Min(f => f.At),
            EndOf(g.First().Experiment, g.Select(f => f.Handle).ToHashSet(), events))).OrderBy(s => s.At)];
    }

    /// <summary>Until when its effects are looked for: the next strike that begins when this one is over, or the end.</summary>
    public TimeSpan Horizon(IReadOnlyList<Strike> all, TimeSpan end) =>
        all.Where(s => s.At > At && (Until is not { } until || s.At >= until)).Select(s => s.At).DefaultIfEmpty(end).Min();

    private static TimeSpan? EndOf(string experiment, HashSet<string> handles, IReadOnlyList<TimelineEvent> events)
    {
        var over = events.OfType<TimelineEvent.ExperimentEnded>().Where(e => experiment.Length > 0 && e.Experiment == experiment).Select(e => (TimeSpan?)e.At);
        var off = events.OfType<TimelineEvent.FaultOff>().Where(f => handles.Contains(f.Handle)).Select(f => (TimeSpan?)f.At);
        return over.Concat(off).Max();
    }
}
