using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Events in the report's language.</summary>
internal static class EventText
{
    public static EventSummary Summary(TimelineEvent what, RunRecord run, ReportLanguage language)
    {
        var plain = Timeline.Event(what);
        return plain with { Detail = Say(what, plain.Kind, run).In(language) };
    }

    /// <summary>Why a run failed, as a clause.</summary>
    public static Sentence Why(TimelineEvent.RunFailed failure) => failure.Folder is { } folder
        ? new("failure.folder", folder, failure.Cause)
        : new("verbatim", failure.Cause);

    private static Sentence Say(TimelineEvent what, string kind, RunRecord run) => what switch
    {
        TimelineEvent.StageStarted s when s.FromRate.Equals(s.ToRate) => new("event.stageHeld", Figures.Rate(s.ToRate)),
        TimelineEvent.StageStarted s => new("event.stageRamped", Figures.Rate(s.FromRate), Figures.Rate(s.ToRate)),
        TimelineEvent.StopRequested s => new("event.stopRequested", s.By),
        TimelineEvent.TargetFailing { Status: > 0 } f => new("event.targetFailingStatus", f.Status),
        TimelineEvent.TargetFailing f => new("event.targetFailing", Outcomes.Name(f.Error)),
        TimelineEvent.GeneratorSaturated g => new("event.generatorSaturated", Why(g, run)),
        TimelineEvent.DataUsedUp d => new("event.dataUsedUp", d.Name, Figures.Count(d.Rows)),
        TimelineEvent.DataLost { Host: { } host } d => new("event.dataLost", new Sentence("loss.host", host, d.Cause)),
        TimelineEvent.DataLost d => new("event.dataLost", d.Cause),
        TimelineEvent.RunFailed f => new("event.runFailed", Why(f)),
        _ when Strings.Has("event." + kind) => new("event." + kind),
        // A kind that this table does not know yet speaks for itself, in English.
        _ => new("event.other", what.Detail),
    };

    /// <summary>The event holds its reason in English; what was known when it was told says it in every language.</summary>
    private static Sentence Why(TimelineEvent.GeneratorSaturated told, RunRecord run) =>
        GeneratorHealth.Judge([.. run.Generator.Where(g => g.At <= told.At)], run.Hosts)?.Clause ?? new Sentence("verbatim", told.Why);
}
