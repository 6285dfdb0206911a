using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What chaos did, how the target took it, and how that is scored.</summary>
internal static class ChaosSection
{
    private const int MostRows = 60;

    public static Html Render(ReportModel model) => model.Summary.Chaos is not { } chaos ? Html.Empty : Html.Of($"""
        <section class="chaos">
        <h2>{model["section.chaos"]}</h2>
        {LaneSection.Render(chaos, model)}
        {Recovery(chaos, model)}
        {Score(chaos, model)}
        {Faults(chaos, model)}
        {NotDone(chaos, model)}
        {Probes(chaos, model)}
        {Containers(model)}
        </section>
        """);

    private static Html Recovery(ChaosSummary chaos, ReportModel model) => chaos.Recovery.Count == 0 ? Html.Empty : Html.Of($"""
        <div class="whole">
        <div class="scroll"><table class="strikes">
        <thead><tr><th>{model["chaos.strike"]}</th><th class="n">{model["chaos.toDetect"]}</th><th class="n">{model["chaos.toLocate"]}</th><th class="n">{model["chaos.toRecover"]}</th>{(chaos.Recovery.Any(r => r.Lost is not null) ? Html.Of($"""<th class="n">{model["chaos.lost"]}</th>""") : Html.Empty)}</tr></thead>
        <tbody>{Html.Each(chaos.Recovery, r => Row(r, model))}</tbody></table></div>
        <p class="note">{model["chaos.note"]}{(chaos.Recovery.Any(r => r.Lost is not null) ? model["chaos.note.lost"] : "")}</p>
        </div>
        """);

    private static Html Row(RecoveryFigures r, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{r.Title}<small>{Seen(r, model)}</small></th>
        <td class="n">{Time(r.ToDetect, r.Accuracy, r.FailingAt is null ? "chaos.unnoticed" : "chaos.unknown", model)}{Goal(r.DetectedInTime, "1", model)}</td>
        <td class="n">{Time(r.ToLocate, 0, "chaos.notMarked", model)}{Goal(r.LocatedInTime, "5", model)}</td>
        <td class="n">{Time(r.ToRecover, r.Accuracy, r.FailingAt is null ? "chaos.unneeded" : "chaos.notRecovered", model)}{Goal(r.RecoveredInTime, "10", model)}</td>
        {(r.Lost is { } lost ? Html.Of($"""<td class="n {(lost > 0 ? "bad" : "")}">{Figures.Count(lost)}</td>""") : Html.Empty)}</tr>
        """);

    private static string Seen(RecoveryFigures r, ReportModel model)
    {
        if (r.FailingAt is null)
            return model.Text.Format("chaos.struckUnseen", ReportModel.Clock(r.StruckAt));
        var seen = model.Text.Format("chaos.struckSeen", ReportModel.Clock(r.StruckAt), By(r.SeenBy, model));
        if (r.RecoveredBy.Length > 0 && r.RecoveredBy != r.SeenBy)
            seen += model.Text.Format("chaos.recoveredBy", By(r.RecoveredBy, model));
        return r.Accuracy > 0 ? seen + model.Text.Format("chaos.accuracy", Span(r.Accuracy)) : seen;
    }

    private static string By(string who, ReportModel model) => who is "load" or "mark" ? model["chaos.seen." + who] : model.Text.Format("chaos.seen.probe", who);

    /// <summary>What happened within the time between two looks is known to that only.</summary>
    public static string Time(double? seconds, double accuracy, string otherwise, ReportModel model) =>
        seconds is not { } s ? model[otherwise] : s < accuracy ? $"≤ {Span(accuracy)}" : Span(s);

    private static Html Goal(bool? met, string minutes, ReportModel model) => met is not { } m ? Html.Empty : Html.Of($"""
        <br><span class="chip {(m ? "ok" : "bad")}">{(m ? "✓" : "✗")} {model.Text.Format("chaos.goal", minutes)}</span>
        """);

    private static Html Score(ChaosSummary chaos, ReportModel model) => chaos.Score is not { } score ? Html.Empty : Html.Of($"""
        <div class="whole score">
        <h3>{model["chaos.score"]}</h3>
        <p class="figure"><b>{score.Value}</b> / 100</p>
        <table><tbody>{Html.Each(score.Parts, p => Html.Of($"""<tr><th scope="row">{model["chaos.part." + p.Part]}<small>{model["chaos.part." + p.Part + ".how"]}</small></th><td class="n">{Figures.Number(p.Points)} / {p.Of}</td></tr>"""))}</tbody></table>
        {(chaos.Probes.Count == 0 ? Html.Of($"""<p class="note">{model["chaos.noProbes"]}</p>""") : Html.Empty)}
        </div>
        """);

    private static Html Faults(ChaosSummary chaos, ReportModel model) => chaos.Faults.Count == 0 ? Html.Empty : Html.Of($"""
        <div class="{Panel.KeptTogether(chaos.Faults.Count)}">
        <h3>{model["chaos.faults"]}</h3>
        <div class="scroll"><table>
        <thead><tr><th>{model["chaos.fault"]}</th><th>{model["chaos.target"]}</th><th class="n">{model["chaos.from"]}</th><th class="n">{model["chaos.lasted"]}</th><th>{model["chaos.undone.column"]}</th></tr></thead>
        <tbody>{Html.Each(chaos.Faults.Take(MostRows), f => Row(f, chaos, model))}</tbody></table></div>
        {More(chaos.Faults.Count, model)}
        </div>
        """);

    private static Html Row(FaultSummary f, ChaosSummary chaos, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{ChaosSentences.Fault(f.Fault).In(model.Language)}{(f.Arguments.Length > 0 ? Html.Of($"<small>{f.Arguments}</small>") : Html.Empty)}</th>
        <td>{f.On}{(f.Host is "local" or "" ? Html.Empty : Html.Of($"<small>{f.Host}</small>"))}</td>
        <td class="n">{Moment(TimeSpan.FromSeconds(f.OnAt))}</td><td class="n">{(f.OffAt is { } off ? Span(off - f.OnAt) : "–")}</td>
        <td>{Ended(f, chaos.Left.FirstOrDefault(l => l.Handle == f.Handle), model)}</td></tr>
        """);

    private static Html Ended(FaultSummary f, LeftSummary? left, ReportModel model) => left is not null
        ? Html.Of($"""<span class="chip bad">✗ {model["chaos.left"]}</span><small>{left.What}. {left.Remedy}</small>""")
        : f.OffAt is null ? Html.Of($"–")
        : Html.Of($"""<span class="chip ok">✓ {model["chaos.undone"]}</span><small>{HowUndone(f, model)}</small>""");

    private static string HowUndone(FaultSummary f, ReportModel model) =>
        f.Note ?? (f.EndedBy is { } by ? model.Text.Format("chaos.by", ChaosSentences.Word("by", by).In(model.Language)) : "");

    private static Html NotDone(ChaosSummary chaos, ReportModel model) => chaos.Refused.Count + chaos.NotApplied.Count == 0 ? Html.Empty : Html.Of($"""
        <div class="whole">
        <h3>{model["chaos.notDone"]}</h3>
        <table class="events"><tbody>
        {Html.Each(chaos.Refused.Take(MostRows), r => Html.Of($"""<tr><th scope="row"><time>{ReportModel.Clock(r.At)}</time></th><td>{ChaosSentences.Fault(r.Fault).In(model.Language)}<small>{ChaosSentences.Word("guard", r.Guard).In(model.Language)} · {r.Why}</small></td></tr>"""))}
        {Html.Each(chaos.NotApplied.Take(MostRows), n => Html.Of($"""<tr><th scope="row"><time>{ReportModel.Clock(n.At)}</time></th><td>{ChaosSentences.Fault(n.Fault).In(model.Language)} · {n.On}<small>{n.Why}</small></td></tr>"""))}
        </tbody></table>
        {More(Math.Max(chaos.Refused.Count, chaos.NotApplied.Count), model)}
        </div>
        """);

    private static Html Probes(ChaosSummary chaos, ReportModel model) => chaos.Probes.Count == 0 ? Html.Empty : Html.Of($"""
        <div class="{Panel.KeptTogether(chaos.Probes.Count)}">
        <h3>{model["chaos.probes"]}</h3>
        <table>
        <thead><tr><th>{model["chaos.probe"]}</th><th class="n">{model["chaos.every"]}</th><th class="n">{model["chaos.failures"]}</th><th class="n">{model["chaos.failedFor"]}</th><th>{model["chaos.atEnd"]}</th></tr></thead>
        <tbody>{Html.Each(chaos.Probes.Take(MostRows), p => Row(p, model))}</tbody></table>
        </div>
        """);

    private static Html Row(ProbeSummary p, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{p.Name}</th><td class="n">{(p.Every > 0 ? Span(p.Every) : "–")}</td><td class="n">{p.Failures}</td><td class="n">{Span(p.FailedSeconds)}</td>
        <td><span class="chip {(p.HeldAtEnd ? "ok" : "bad")}">{(p.HeldAtEnd ? "✓" : "✗")} {model[p.HeldAtEnd ? "chaos.held" : "chaos.fails"]}</span></td></tr>
        """);

    private static Html Containers(ReportModel model)
    {
        var changes = model.Run.Events.OfType<TimelineEvent.ContainerChanged>().ToList();
        return changes.Count == 0 ? Html.Empty : Html.Of($"""
            <div class="{Panel.KeptTogether(changes.Count)}">
            <h3>{model["chaos.containers"]}</h3>
            <table class="events"><tbody>{Html.Each(changes.Take(MostRows), c => Html.Of($"""<tr><th scope="row"><time>{Moment(c.At)}</time></th><td>{ChaosSentences.Of(c)!.In(model.Language)}</td></tr>"""))}</tbody></table>
            {More(changes.Count, model)}
            </div>
            """);
    }

    /// <summary>To the tenth of a second: what happens to containers happens within one.</summary>
    private static string Moment(TimeSpan at) => FormattableString.Invariant($"{ReportModel.Clock(at.TotalSeconds)}.{at.Milliseconds / 100}");

    private static Html More(int count, ReportModel model) => count <= MostRows ? Html.Empty
        : Html.Of($"""<p class="note">{model.Text.Format("chaos.more", MostRows, Figures.Count(count))}</p>""");

    public static string Span(double seconds) => Figures.Span(TimeSpan.FromSeconds(Math.Round(seconds, 1)));
}
