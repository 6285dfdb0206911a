using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What chaos has to say about a verdict.</summary>
internal static class ChaosJudge
{
    /// <summary>Faults of which something is left, that the reason names.</summary>
    private const int Named = 3;

    /// <summary>Something is left: nothing else counts then. Null when all was undone.</summary>
    public static Judgement? Left(ChaosSummary? chaos) => chaos is not { Left.Count: > 0 and var count } ? null
        : new(Verdict.NotUndone, [
            count == 1 ? new Sentence("reason.notUndoneOne") : new Sentence("reason.notUndone", count),
            .. chaos.Left.Take(Named).Select(l => new Sentence("reason.left", ChaosSentences.Fault(l.Fault), l.On, l.What, l.Remedy))]);

    /// <summary>The judgement of the load with that of the experiments: one that did not come out well makes a run fail.</summary>
    public static Judgement With(Judgement load, ChaosSummary? chaos)
    {
        var missed = Missed(chaos);
        return missed.Count == 0 ? load : load.Verdict switch
        {
            Verdict.Passed or Verdict.NoCriteria => new(Verdict.Failed, missed),
            Verdict.Failed => new(Verdict.Failed, [.. load.Reasons, .. missed]),
            _ => load,
        };
    }

    /// <summary>The verdict of a drill, which has no load to be judged.</summary>
    public static Judgement OfDrill(RunRecord run, ChaosSummary? chaos)
    {
        if (run.Events.OfType<TimelineEvent.StopRequested>().FirstOrDefault() is { } stop)
            return new(Verdict.Stopped, new Sentence("reason.drillStopped", stop.By, Figures.Span(stop.At)));
        if (!run.Ended)
            return new(Verdict.Stopped, new Sentence("reason.drillInterrupted"));
        if (chaos?.Experiments.FirstOrDefault(e => e.Status == "interrupted") is { } cut)
            return new(Verdict.Stopped, new Sentence("reason.experimentStopped", cut.Title));
        if (Missed(chaos) is { Count: > 0 } missed)
            return new(Verdict.Failed, missed);
        if (chaos?.Score is null)
            return new(Verdict.NoCriteria, new Sentence("reason.nothingStruck"));
        return chaos.Probes.Count == 0 ? new(Verdict.NoCriteria, new Sentence("reason.noProbes")) : new(Verdict.Passed, new Sentence("reason.steady"));
    }

    private static List<Sentence> Missed(ChaosSummary? chaos) => chaos is null ? [] : [.. chaos.Experiments.Select(e => Why(e, chaos)).OfType<Sentence>()];

    /// <summary>Why an experiment did not come out well; null when it did.</summary>
    public static Sentence? Why(ExperimentSummary e, ChaosSummary chaos) => e.Status switch
    {
        _ when e.EndedAt is null || e.Status == "interrupted" => new("reason.experimentCut", e.Title),
        "completed" => e.Deviated ? new("reason.experimentDeviated", e.Title) : null,
        _ when chaos.Refused.FirstOrDefault(r => r.Experiment == e.Id) is { } refused => new("reason.experimentRefused", e.Title, ChaosSentences.Word("guard", refused.Guard), refused.Why),
        _ when chaos.NotApplied.FirstOrDefault(f => f.Experiment == e.Id) is { } failure => new("reason.experimentNotApplied", e.Title, ChaosSentences.Fault(failure.Fault), failure.On, failure.Why),
        "aborted" => new("reason.experimentAborted", e.Title),
        _ when e.Deviated => new("reason.experimentDeviated", e.Title),
        _ => new("reason.experimentFailed", e.Title),
    };
}
