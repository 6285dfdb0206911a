using System.Globalization;

namespace Pressure.Reports;

/// <summary>Chaos on one time axis, drawn without script: the target well or not, each fault from on to off, what each probe said, and what was not done.</summary>
internal static class LaneSection
{
    private const int MostFaults = 10, MostProbes = 8, Ticks = 4;

    /// <summary>A stretch of a lane, in seconds; <paramref name="Tone"/> is its CSS class.</summary>
    private readonly record struct Stretch(double From, double To, string Tone);

    public static Html Render(ChaosSummary chaos, ReportModel model)
    {
        var end = Math.Max(model.Summary.DurationSeconds, 0.001);
        return chaos.Recovery.Count == 0 ? Html.Empty : Html.Of($"""
            <div class="lanes whole">
            {Lane(model["lane.target"], Target(chaos, end), end)}
            {Html.Each(chaos.Faults.Take(MostFaults), f => Lane($"{ChaosSentences.Fault(f.Fault).In(model.Language)} · {f.On}", [new(f.OnAt, f.OffAt ?? end, "fault")], end))}
            {Html.Each(ProbeTrack.Of(model.Run.Events).Take(MostProbes), p => Lane(p.Name, p.Spells(TimeSpan.FromSeconds(end)).Select(s => new Stretch(s.From.TotalSeconds, s.To.TotalSeconds, s.Held ? "ok" : "bad")), end))}
            {NotDone(chaos, end, model)}
            <div class="lane"><span></span><span class="axis">{Html.Each(Enumerable.Range(0, Ticks + 1), t => Html.Of($"<time>{At(end * t / Ticks, end)}</time>"))}</span></div>
            <p class="note key">{Key("fault", model)}{Key("ok", model)}{Key("bad", model)}{(chaos.Refused.Count + chaos.NotApplied.Count > 0 ? Key("warn", model) : Html.Empty)}</p>
            </div>
            """);
    }

    /// <summary>Well, but for the times from the first failing until everything held again.</summary>
    private static List<Stretch> Target(ChaosSummary chaos, double end)
    {
        List<Stretch> stretches = [new(0, end, "ok")];
        stretches.AddRange(chaos.Recovery.Where(r => r.FailingAt is not null).Select(r => new Stretch(r.FailingAt!.Value, r.RecoveredAt ?? end, "bad")));
        return stretches;
    }

    private static Html NotDone(ChaosSummary chaos, double end, ReportModel model)
    {
        List<double> at = [.. chaos.Refused.Select(r => r.At), .. chaos.NotApplied.Select(n => n.At)];
        return at.Count == 0 ? Html.Empty : Lane(model["chaos.notDone"], at.Select(a => new Stretch(a, a, "warn")), end);
    }

    private static Html Lane(string name, IEnumerable<Stretch> stretches, double end) => Html.Of($"""
        <div class="lane"><span class="of" title="{name}">{name}</span><svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{Html.Each(stretches, s => Bar(s, end))}</svg></div>
        """);

    /// <summary>Never so short that it can't be seen.</summary>
    private static Html Bar(Stretch s, double end)
    {
        var from = Math.Clamp(1000 * s.From / end, 0, 996);
        var wide = Math.Clamp(1000 * s.To / end - from, 4, 1000 - from);
        return Html.Of($"""<rect class="{s.Tone}" x="{Text(from)}" y="0" width="{Text(wide)}" height="10"/>""");
    }

    /// <summary>A drill may be over within seconds: then tenths count.</summary>
    private static string At(double at, double end) => end < 30 ? ChaosSection.Span(at) : ReportModel.Clock(Math.Round(at));

    private static Html Key(string tone, ReportModel model) => Html.Of($"""<span><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="{tone}" width="10" height="10"/></svg> {model["lane." + tone]}</span> """);

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
