using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What chaos tells, in words.</summary>
internal static class ChaosSentences
{
    /// <summary>An event of chaos; null when the event is none.</summary>
    public static Sentence? Of(TimelineEvent what) => what switch
    {
        TimelineEvent.ExperimentStarted e => new("event.experimentStarted", e.Title, e.By),
        TimelineEvent.ExperimentEnded { Deviated: true } e => new("event.experimentDeviated", Word("status", e.Status), e.Title),
        TimelineEvent.ExperimentEnded e => new("event.experimentEnded", Word("status", e.Status), e.Title),
        TimelineEvent.StrikeRefused r => new("event.strikeRefused", Fault(r.Fault), Word("guard", r.Guard), r.Why),
        TimelineEvent.FaultOn { Arguments: "" } f => new("event.faultOn", Fault(f.Fault), f.On),
        TimelineEvent.FaultOn f => new("event.faultOnWith", Fault(f.Fault), f.On, f.Arguments),
        TimelineEvent.FaultOff { Note: { } note } f => new("event.faultOffNote", Fault(f.Fault), f.On, note),
        TimelineEvent.FaultOff f => new("event.faultOff", Fault(f.Fault), f.On, Word("by", f.By)),
        TimelineEvent.FaultFailed f => new("event.faultFailed", Fault(f.Fault), f.On, f.Why),
        TimelineEvent.RevertIncomplete r => new("event.revertIncomplete", Fault(r.Fault), r.On, r.What, r.Remedy),
        TimelineEvent.ProbeFailed p => new("event.probeFailed", p.Probe, p.Why),
        TimelineEvent.ProbeHeld p => new("event.probeHeld", p.Probe),
        TimelineEvent.ContainerChanged { Note: "" } c => new("event.containerChanged", c.Container, Word("container", c.Action)),
        TimelineEvent.ContainerChanged c => new("event.containerChangedNote", c.Container, Word("container", c.Action), c.Note),
        TimelineEvent.Marked { Note: "" } m => new("event.marked", Word("mark", m.Mark), m.By),
        TimelineEvent.Marked m => new("event.markedNote", Word("mark", m.Mark), m.By, m.Note),
        _ => null,
    };

    /// <summary>A kind of fault for people; one that the table does not know speaks for itself.</summary>
    public static Sentence Fault(string kind) => Word("fault", kind);

    /// <summary>A word of a closed vocabulary that travels as text (<c>deadline</c>, <c>completed</c>); others stand as they are.</summary>
    public static Sentence Word(string list, string word) => Strings.Has($"chaos.{list}.{word}") ? new($"chaos.{list}.{word}") : new("verbatim", word);
}
