using System.Text.Json;
using Pressure.Record;
using Pressure.Reports;

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
        TimelineEvent.StopRequested s => t.With("event.stopRequested", t.Or($"by.{s.By}", s.By)),
        TimelineEvent.TargetFailing { Status: > 0 } f => t.With("event.targetFailingStatus", f.Status),
        TimelineEvent.TargetFailing f => t.With("event.targetFailing", t[$"error.{JsonNamingPolicy.KebabCaseLower.ConvertName(f.Error.ToString())}"]),
        TimelineEvent.GeneratorSaturated g => t.With("event.generatorSaturated", g.Why),
        TimelineEvent.DataUsedUp d => t.With("event.dataUsedUp", d.Name, Figures.Number(d.Rows)),
        TimelineEvent.DataLost d => t.With("event.dataLost", d.What),
        TimelineEvent.RunFailed f => t.With("event.runFailed", f.Why),
        _ => t.Or($"event.{Kind(what)}", what.Detail),
    };
}
