using Pressure.Record;

namespace Pressure.Reports;

/// <summary>From a run's record to what chaos did in it. Pure.</summary>
internal static class ChaosFigures
{
    /// <summary>Null when a run had none.</summary>
    public static ChaosSummary? Of(RunRecord run, MeasuredRun measured)
    {
        var events = run.Events;
        if (!events.Any(e => e is TimelineEvent.ExperimentStarted or TimelineEvent.FaultOn or TimelineEvent.StrikeRefused or TimelineEvent.FaultFailed or TimelineEvent.RevertIncomplete))
            return null;
        var end = EndOf(run, measured);
        var probes = ProbeTrack.Of(events);
        var strikes = Strike.Of(events);
        var load = LoadSeconds.Of(run, end);
        var judge = new RecoveryJudge(strikes, probes, load, [.. events.OfType<TimelineEvent.Marked>()], end);
        List<RecoveryFigures> recovery = [.. strikes.Select(judge.Judge)];
        List<FaultSummary> faults = [.. events.OfType<TimelineEvent.FaultOn>().Select(f => Fault(f, events))];
        List<LeftSummary> left = [.. Left(run)];
        return new ChaosSummary
        {
            Experiments = [.. events.OfType<TimelineEvent.ExperimentStarted>().Select(e => Experiment(e, events))],
            Faults = faults,
            Refused = [.. events.OfType<TimelineEvent.StrikeRefused>().Select(r => new RefusalSummary(Seconds(r.At), r.Experiment, r.Fault, r.Guard, r.Why))],
            NotApplied = [.. events.OfType<TimelineEvent.FaultFailed>().Select(f => new FaultFailureSummary(Seconds(f.At), f.Experiment, f.Fault, f.On, f.Why))],
            Left = left,
            Probes = [.. probes.Select(p => new ProbeSummary(p.Name, p.Experiment, Seconds(p.Every), p.Failures, Seconds(p.FailedWithin(TimeSpan.Zero, end)), p.HeldAtEnd))],
            Recovery = recovery,
            Score = ScoreRule.Of(recovery, [.. faults.Select(f => !left.Exists(l => l.Handle == f.Handle))], probes, load, end),
        };
    }

    private static ExperimentSummary Experiment(TimelineEvent.ExperimentStarted started, IReadOnlyList<TimelineEvent> events)
    {
        var ended = events.OfType<TimelineEvent.ExperimentEnded>().LastOrDefault(e => e.Experiment == started.Experiment);
        return new(started.Experiment, started.Title, started.By, Seconds(started.At), ended is null ? null : Seconds(ended.At), ended?.Status ?? "interrupted", ended?.Deviated ?? false);
    }

    private static FaultSummary Fault(TimelineEvent.FaultOn on, IReadOnlyList<TimelineEvent> events)
    {
        var off = events.OfType<TimelineEvent.FaultOff>().LastOrDefault(f => f.Handle == on.Handle);
        return new(on.Handle, on.Experiment, on.Fault, on.Host, on.On, on.Arguments, Seconds(on.At), off is null ? null : Seconds(off.At), off?.By, off?.Note);
    }

    /// <summary>What was told to be left and not undone later, and faults of a run that came to its end of which nobody told that they are off.</summary>
    private static IEnumerable<LeftSummary> Left(RunRecord run)
    {
        // Undoing is tried again: what was left is not any more when it ended well later.
        var off = run.Events.OfType<TimelineEvent.FaultOff>().GroupBy(f => f.Handle).ToDictionary(g => g.Key, g => g.Max(f => f.At));
        var told = run.Events.OfType<TimelineEvent.RevertIncomplete>().GroupBy(r => r.Handle).Select(g => g.Last()).Where(r => !off.TryGetValue(r.Handle, out var at) || at < r.At).ToList();
        foreach (var left in told)
            yield return new(left.Handle, left.Fault, left.On, left.What, left.Remedy);
        foreach (var on in run.Ended ? run.Events.OfType<TimelineEvent.FaultOn>() : [])
        {
            if (!off.ContainsKey(on.Handle) && !told.Exists(t => t.Handle == on.Handle))
                yield return new(on.Handle, on.Fault, on.On, "nobody told that it was undone", "Look with `pressure chaos status`, and undo what there is with `pressure chaos revert`.");
        }
    }

    /// <summary>With load until its end: behind it nothing can be seen to recover. A drill lasts until its own.</summary>
    private static TimeSpan EndOf(RunRecord run, MeasuredRun measured) => run.Manifest.IsDrill || run.Intervals.Count == 0
        ? run.Events.Count == 0 ? TimeSpan.Zero : run.Events[^1].At
        : measured.End;

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
