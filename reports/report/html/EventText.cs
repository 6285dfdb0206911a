using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Events in the report's language.</summary>
internal static class EventText
{
    public static EventSummary Summary(TimelineEvent what, ReportLanguage language)
    {
        var plain = Timeline.Event(what);
        return plain with { Detail = Say(what, plain.Kind).In(language) };
    }

    private static Sentence Say(TimelineEvent what, string kind) => what switch
    {
        TimelineEvent.StageStarted s when s.FromRate.Equals(s.ToRate) => new("event.stageHeld", Figures.Rate(s.ToRate)),
        TimelineEvent.StageStarted s => new("event.stageRamped", Figures.Rate(s.FromRate), Figures.Rate(s.ToRate)),
        TimelineEvent.StopRequested s => new("event.stopRequested", s.By),
        TimelineEvent.TargetFailing { Status: > 0 } f => new("event.targetFailingStatus", f.Status),
        TimelineEvent.TargetFailing f => new("event.targetFailing", Outcomes.Name(f.Error)),
        TimelineEvent.GeneratorSaturated g => new("event.generatorSaturated", g.Why),
        TimelineEvent.DataLost d => new("event.dataLost", d.What),
        TimelineEvent.RunFailed f => new("event.runFailed", f.Why),
        _ when Strings.Has("event." + kind) => new("event." + kind),
        // A kind that this table does not know yet speaks for itself, in English.
        _ => new("event.other", what.Detail),
    };
}
