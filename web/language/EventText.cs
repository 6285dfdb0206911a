using System.Text.Json;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Web.Agents;

namespace Pressure.Web.Language;

/// <summary>Timeline events in the visitor's language.</summary>
internal static class EventText
{
    /// <summary>The kind as <c>summary.json</c> writes it: <c>runStarted</c>.</summary>
    public static string Kind(TimelineEvent what) => JsonNamingPolicy.CamelCase.ConvertName(what.GetType().Name);

    public static string Of(TimelineEvent what, Texts t) => what switch
    {
        TimelineEvent.StageStarted s when s.FromRate.Equals(s.ToRate) => t.With("event.hold", Figures.Rate(s.ToRate)),
        TimelineEvent.StageStarted s => t.With("event.ramp", Figures.Rate(s.FromRate), Figures.Rate(s.ToRate)),
        TimelineEvent.LoadSteered s => Of(s, t),
        TimelineEvent.StopRequested { Graceful: true } s => t.With("event.stoppedGracefully", By(s.By, t)),
        TimelineEvent.StopRequested s => t.With("event.stopRequested", By(s.By, t)),
        TimelineEvent.Aborted a => t.With("event.aborted", $"{a.Metric}: {a.Expression}", a.Actual, Figures.Span(a.Over)),
        TimelineEvent.TargetFailing { Status: > 0 } f => t.With("event.targetFailingStatus", f.Status),
        TimelineEvent.TargetFailing f => t.With("event.targetFailing", t[$"error.{JsonNamingPolicy.KebabCaseLower.ConvertName(f.Error.ToString())}"]),
        TimelineEvent.GeneratorSaturated g => t.With("event.generatorSaturated", g.Why),
        TimelineEvent.DataUsedUp d => t.With("event.dataUsedUp", d.Name, Figures.Number(d.Rows)),
        TimelineEvent.DataLost { Host: { } host, Cause: AgentFeed.NotConnected } => t.With("event.agentNotConnected", host),
        TimelineEvent.DataLost { Host: { } host } d => t.With("event.hostLost", host, d.Cause),
        TimelineEvent.HostSilent s => t.With("event.hostSilent", s.Host, Figures.Span(TimeSpan.FromSeconds(Math.Round(s.Last.TotalSeconds)))),
        TimelineEvent.SourceSilent s => t.With(s.Why.Length > 0 ? "event.sourceSilentWhy" : "event.sourceSilent", s.Source, s.Why),
        TimelineEvent.SourceHeard s => t.With("event.sourceHeard", s.Source),
        TimelineEvent.SourceEnded s => t.With(s.Why.Length > 0 ? "event.sourceEndedWhy" : "event.sourceEnded", s.Source, s.Why),
        TimelineEvent.HostHeard h => t.With("event.hostHeard", h.Host, Figures.Span(TimeSpan.FromSeconds(Math.Round(h.Silence.TotalSeconds)))),
        TimelineEvent.DataLost d => t.With("event.dataLost", d.What),
        TimelineEvent.ExportDropping e => t.With("event.exportDropping", e.Sink, e.Problem),
        TimelineEvent.Exported { Problem: { } problem } e => t.With("event.exportedWithLoss", e.Sink, Figures.Count(e.Sent), Figures.Count(e.Dropped), problem),
        TimelineEvent.Exported e => t.With("event.exported", e.Sink, Figures.Count(e.Sent), Figures.Count(e.Dropped)),
        TimelineEvent.RunFailed f => t.With("event.runFailed", f.Why),
        _ when (SearchWords.Event(what, t.Language) ?? ChaosWords.Event(what, t.Language) ?? CrewWords.Event(what, t.Language)) is { } said => said,
        _ => t.Or($"event.{Kind(what)}", what.Detail),
    };

    private static string Of(TimelineEvent.LoadSteered steered, Texts t) => steered.To switch
    {
        SteeredTo.Rate => t.With("event.steered.rate", Figures.Rate(steered.Value), By(steered.By, t)),
        SteeredTo.Factor => t.With("event.steered.factor", Figures.Share(steered.Value), By(steered.By, t)),
        SteeredTo.Users => t.With("event.steered.users", Figures.Count((long)steered.Value), By(steered.By, t)),
        var to => t.With($"event.steered.{to.ToString().ToLowerInvariant()}", By(steered.By, t)),
    };

    private static string By(string who, Texts t) => t.Or($"by.{who}", who);
}
