using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What happens to the workers of a run, in words.</summary>
internal static class CrewSentences
{
    /// <summary>An event of workers; null when the event is none.</summary>
    public static Sentence? Of(TimelineEvent what) => what switch
    {
        TimelineEvent.WorkerLost { Why: "" } l => new("event.workerLost", l.Worker, Tenths(l.Silence)),
        TimelineEvent.WorkerLost l => new("event.workerLostWhy", l.Worker, l.Why),
        TimelineEvent.ShareTakenOver t => new("event.shareTakenOver", t.To, t.Share + 1, t.From),
        TimelineEvent.WorkerHeard { Seconds: 0 } h => new("event.workerHeardEmpty", h.Worker),
        TimelineEvent.WorkerHeard h => new("event.workerHeard", h.Worker, Figures.Span(TimeSpan.FromSeconds(h.Seconds))),
        TimelineEvent.ShareUnsent u => new("event.shareUnsent", Figures.Count(u.Requests), u.Share + 1, u.Worker),
        TimelineEvent.CoordinatorReturned r => new("event.coordinatorReturned", Tenths(r.Gone)),
        _ => null,
    };

    /// <summary>What charts call it, in a few words; null when it is none.</summary>
    public static Sentence? Label(TimelineEvent what) => what switch
    {
        TimelineEvent.WorkerLost l => new("label.workerLost", l.Worker),
        TimelineEvent.ShareTakenOver t => new("label.shareTakenOver", t.To, t.Share + 1),
        TimelineEvent.WorkerHeard h => new("label.workerHeard", h.Worker),
        TimelineEvent.ShareUnsent u => new("label.shareUnsent", u.Share + 1),
        TimelineEvent.CoordinatorReturned => new("label.coordinatorReturned"),
        _ => null,
    };

    /// <summary>How it is to be taken: <c>bad</c>, <c>good</c>, <c>warn</c>, <c>note</c>; null for others.</summary>
    public static string? Tone(TimelineEvent what) => what switch
    {
        TimelineEvent.WorkerLost => "bad",
        TimelineEvent.ShareUnsent => "warn",
        TimelineEvent.ShareTakenOver or TimelineEvent.WorkerHeard => "good",
        TimelineEvent.CoordinatorReturned => "note",
        _ => null,
    };

    /// <summary>What joins it with others: the worker; null for others.</summary>
    public static string? Joins(TimelineEvent what) => what switch
    {
        TimelineEvent.WorkerLost l => l.Worker,
        TimelineEvent.WorkerHeard h => h.Worker,
        _ => null,
    };

    private static string Tenths(TimeSpan span) => Figures.Span(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds, 1)));
}
