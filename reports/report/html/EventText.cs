using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Events in the report's language.</summary>
internal static class EventText
{
    public static EventSummary Summary(TimelineEvent what, RunRecord run, ReportLanguage language)
    {
        var plain = Timeline.Event(what);
        return plain with { Detail = Say(what, plain.Kind, run).In(language), Label = (ChaosSentences.Label(what) ?? CrewSentences.Label(what))?.In(language) };
    }

    /// <summary>Why a run failed, as a clause.</summary>
    public static Sentence Why(TimelineEvent.RunFailed failure) => failure switch
    {
        { Stuck: { } stuck } => new("failure.lane", stuck.Lane, Figures.Span(stuck.Silence)),
        { Folder: { } folder } => new("failure.folder", folder, failure.Cause),
        _ => new("verbatim", failure.Cause),
    };

    private static Sentence Say(TimelineEvent what, string kind, RunRecord run) => what switch
    {
        TimelineEvent.StageStarted s when s.FromRate.Equals(s.ToRate) => new("event.stageHeld", Figures.Rate(s.ToRate)),
        TimelineEvent.StageStarted s => new("event.stageRamped", Figures.Rate(s.FromRate), Figures.Rate(s.ToRate)),
        TimelineEvent.LoadSteered s => Say(s),
        TimelineEvent.StopRequested { Graceful: true } s => new("event.stoppedGracefully", s.By),
        TimelineEvent.StopRequested s => new("event.stopRequested", s.By),
        TimelineEvent.Aborted a => new("event.aborted", CriterionText.Of(new(a.Metric, a.Expression)), a.Actual, Figures.Span(a.Over)),
        TimelineEvent.TargetFailing { Status: > 0 } f => new("event.targetFailingStatus", f.Status),
        TimelineEvent.TargetFailing f => new("event.targetFailing", Outcomes.Name(f.Error)),
        TimelineEvent.GeneratorSaturated g => new("event.generatorSaturated", Why(g, run)),
        TimelineEvent.DataUsedUp d => new("event.dataUsedUp", d.Name, Figures.Count(d.Rows)),
        TimelineEvent.DataLost { Host: { } host } d => new("event.dataLost", new Sentence("loss.host", host, d.Cause)),
        TimelineEvent.DataLost d => new("event.dataLost", d.Cause),
        TimelineEvent.HostSilent h => new("event.hostSilent", h.Host),
        TimelineEvent.SourceSilent s => new(s.Why.Length > 0 ? "event.sourceSilentWhy" : "event.sourceSilent", s.Source, s.Why),
        TimelineEvent.SourceHeard s => new("event.sourceHeard", s.Source),
        TimelineEvent.SourceEnded s => new(s.Why.Length > 0 ? "event.sourceEndedWhy" : "event.sourceEnded", s.Source, s.Why),
        TimelineEvent.HostHeard h => new("event.hostHeard", h.Host, Figures.Span(TimeSpan.FromSeconds(Math.Round(h.Silence.TotalSeconds, 1)))),
        TimelineEvent.ExportDropping e => new("event.exportDropping", e.Sink, e.Problem),
        TimelineEvent.Exported { Problem: { } problem } e => new("event.exportedWithLoss", e.Sink, Figures.Count(e.Sent), Figures.Count(e.Dropped), problem),
        TimelineEvent.Exported e => new("event.exported", e.Sink, Figures.Count(e.Sent), Figures.Count(e.Dropped)),
        TimelineEvent.RunFailed f => new("event.runFailed", Why(f)),
        _ when (SearchSentences.Of(what) ?? ChaosSentences.Of(what) ?? CrewSentences.Of(what)) is { } said => said,
        _ when Strings.Has("event." + kind) => new("event." + kind),
        // A kind that this table does not know yet speaks for itself, in English.
        _ => new("event.other", what.Detail),
    };

    private static Sentence Say(TimelineEvent.LoadSteered steered) => steered.To switch
    {
        SteeredTo.Rate => new("event.steered.rate", Figures.Rate(steered.Value), steered.By),
        SteeredTo.Factor => new("event.steered.factor", Figures.Share(steered.Value), steered.By),
        SteeredTo.Users => new("event.steered.users", Figures.Count((long)steered.Value), steered.By),
        SteeredTo.Paused => new("event.steered.paused", steered.By),
        SteeredTo.Resumed => new("event.steered.resumed", steered.By),
        _ => new("event.steered.plan", steered.By),
    };

    /// <summary>The event holds its reason in English; what was known when it was told says it in every language.</summary>
    private static Sentence Why(TimelineEvent.GeneratorSaturated told, RunRecord run) =>
        GeneratorHealth.Judge([.. run.Generator.Where(g => g.At <= told.At)], run.Hosts)?.Clause ?? new Sentence("verbatim", told.Why);
}
