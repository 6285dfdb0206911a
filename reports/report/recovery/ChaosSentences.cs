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

    /// <summary>What charts call an event of chaos, in a few words; null when it is none.</summary>
    public static Sentence? Label(TimelineEvent what) => what switch
    {
        TimelineEvent.FaultOn f => new("label.of", Fault(f.Fault), f.On),
        TimelineEvent.FaultOff f => new("label.of", Fault(f.Fault), f.On),
        TimelineEvent.FaultFailed f => new("label.failed", Fault(f.Fault), f.On),
        TimelineEvent.RevertIncomplete r => new("label.left", Fault(r.Fault), r.On),
        TimelineEvent.StrikeRefused r => new("label.refused", Fault(r.Fault)),
        TimelineEvent.ProbeFailed p => new("label.probeFailed", p.Probe),
        TimelineEvent.ProbeHeld p => new("label.probeHeld", p.Probe),
        TimelineEvent.ContainerChanged c => new("label.of", c.Container, Word("container", c.Action)),
        TimelineEvent.Marked m => Word("mark", m.Mark),
        TimelineEvent.ExperimentStarted e => new("verbatim", e.Title),
        TimelineEvent.ExperimentEnded e => new("verbatim", e.Title),
        _ => null,
    };

    /// <summary>How an event of chaos is to be taken: <c>bad</c>, <c>good</c>, <c>warn</c>, <c>note</c>; null for others.</summary>
    public static string? Tone(TimelineEvent what) => what switch
    {
        TimelineEvent.ProbeFailed or TimelineEvent.RevertIncomplete => "bad",
        TimelineEvent.ContainerChanged { Action: "die" or "kill" or "oom" or "stop" or "pause" or "destroy" or "health_status: unhealthy" } => "bad",
        TimelineEvent.ProbeHeld or TimelineEvent.ContainerChanged { Action: "start" or "unpause" or "restart" or "health_status: healthy" } => "good",
        TimelineEvent.StrikeRefused or TimelineEvent.FaultFailed => "warn",
        TimelineEvent.Marked => "note",
        _ => null,
    };

    /// <summary>What joins events of chaos: on and off of a fault, begin and end of an experiment, all of a probe or a container; null for others.</summary>
    public static string? Joins(TimelineEvent what) => what switch
    {
        TimelineEvent.FaultOn f => f.Handle,
        TimelineEvent.FaultOff f => f.Handle,
        TimelineEvent.RevertIncomplete r => r.Handle,
        TimelineEvent.ExperimentStarted e => e.Experiment,
        TimelineEvent.ExperimentEnded e => e.Experiment,
        TimelineEvent.ProbeFailed p => p.Probe,
        TimelineEvent.ProbeHeld p => p.Probe,
        TimelineEvent.ContainerChanged c => c.Container,
        _ => null,
    };

    /// <summary>A kind of fault for people; one that the table does not know speaks for itself.</summary>
    public static Sentence Fault(string kind) => Word("fault", kind);

    /// <summary>A word of a closed vocabulary that travels as text (<c>deadline</c>, <c>completed</c>); others stand as they are.</summary>
    public static Sentence Word(string list, string word) => Strings.Has($"chaos.{list}.{word}") ? new($"chaos.{list}.{word}") : new("verbatim", word);
}
