using Pressure.Chaos;
using Pressure.Web.Language;

namespace Pressure.Web.Chaos;

/// <summary>Why a drill did not begin, in the visitor's language.</summary>
internal static class StartText
{
    /// <summary>Who began something: the API, the web page, a schedule by its name, or whoever it was.</summary>
    public static string By(string who, Texts t) =>
        who.StartsWith("schedule ", StringComparison.Ordinal) ? t.With("by.schedule", who["schedule ".Length..])
            : who.StartsWith("monkey ", StringComparison.Ordinal) ? t.With("by.monkey", who["monkey ".Length..]) : t.Or($"by.{who}", who);

    public static string Of(DrillStart start, Texts t) => start switch
    {
        DrillStart.Halted halted => t.With("chaos.start.halted", halted.Why),
        DrillStart.Busy busy => t.With(busy.Drills.Count >= DrillDesk.AtOnce ? "chaos.start.full" : "chaos.start.busy", string.Join(", ", busy.Drills.Select(d => d.Experiment.Title))),
        DrillStart.NotWritable disk => t.With("chaos.notWritable", disk.Why),
        DrillStart.NoSuchExperiment => t["chaos.start.missing"],
        DrillStart.Invalid invalid => t.With("chaos.start.invalid", $"{invalid.Problems[0].Field}: {invalid.Problems[0].Message}"),
        DrillStart.Closing => t["chaos.start.closing"],
        _ => "",
    };
}
