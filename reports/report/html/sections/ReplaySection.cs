using Pressure.Record;

namespace Pressure.Reports;

/// <summary>How faithful a replay was: what of the captures went out again, how near to its moments, and what did not and why.</summary>
internal static class ReplaySection
{
    private const int MostCaptures = 40, MostReasons = 20, MostNamed = 6;

    public static Html Render(ReportModel model) => model.Summary.Replay is not { } replay ? Html.Empty : Html.Of($"""
        <section class="replay whole">
        <h2>{model["section.replay"]}</h2>
        <p class="lead">{ReplaySentences.Sent(replay).In(model.Language)} {ReplayLine.Timing(replay, model)}</p>
        <div class="pair">
        {Counts(replay, model)}
        {Skipped(replay, model)}
        </div>
        </section>
        {Timing(replay, model)}
        {Captures(replay, model)}
        """);

    private static Html Counts(ReplaySummary r, ReportModel model) => Html.Of($"""
        <table><tbody>
        {Row("replay.captured", r.Captured, "", model)}
        {Row("replay.replayed", r.Replayed, "", model)}
        {Row("replay.planned", r.Planned, r.Multiply > 1 ? model.Text.Format("replay.planned.clients", r.Multiply) : "", model)}
        {Row("replay.sent", r.Sent, r.Planned > r.Sent ? model.Text.Format(model.Crew is null ? "replay.unsent" : "replay.unsent.workers", Figures.Count(r.Planned - r.Sent)) : "", model, r.Planned > r.Sent ? "warn" : "")}
        {Row("replay.held", r.Held, model["replay.held.note"], model)}
        {(r.Carried > 0 ? Row("replay.carried", r.Carried, model["replay.carried.note"], model) : Html.Empty)}
        {(r.LeftOut > 0 ? Row("replay.leftOut", r.LeftOut, model["replay.leftOut.note"], model) : Html.Empty)}
        {(r.Untold.Count > 0 ? Row("replay.untold", r.Untold.Sum(u => u.Requests), model.Text.Format("replay.untold.note", Names(r.Untold)), model, "warn") : Html.Empty)}
        </tbody></table>
        """);

    private static string Names(IReadOnlyList<UntoldShare> untold)
    {
        var names = untold.SelectMany(u => u.Worker.Split(", ")).Distinct().ToList();
        return string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? ", …" : "");
    }

    private static Html Row(string key, long count, string note, ReportModel model, string tone = "") => Html.Of($"""
        <tr><th scope="row">{model[key]}{(note.Length > 0 ? Html.Of($"<small>{note}</small>") : Html.Empty)}</th><td class="n {tone}">{Figures.Count(count)}</td></tr>
        """);

    private static Html Skipped(ReplaySummary r, ReportModel model) => r.Skipped.Values.All(n => n == 0)
        ? Html.Of($"""<p class="note">{model["replay.skipped.none"]}</p>""")
        : Html.Of($"""
            <table>
            <thead><tr><th>{model["replay.skipped"]}</th><th class="n">{model["column.count"]}</th></tr></thead>
            <tbody>{Html.Each(r.Skipped.Where(s => s.Value > 0).OrderByDescending(s => s.Value).Take(MostReasons), s => Html.Of($"""<tr><th scope="row">{ReplaySentences.Why("replay.skipped", s.Key).In(model.Language)}</th><td class="n">{Figures.Count(s.Value)}</td></tr>"""))}</tbody></table>
            """);

    private static Html Timing(ReplaySummary r, ReportModel model) => r.Timing is not { } t ? Html.Empty : Html.Of($"""
        <section class="replay whole">
        <h3>{model["replay.timing"]}</h3>
        <div class="scroll"><table>
        <thead><tr><th></th><th class="n">p50</th><th class="n">p90</th><th class="n">p99</th><th class="n">p99.9</th><th class="n">{model["column.max"]}</th><th class="n">{model["replay.drift"]}</th></tr></thead>
        <tbody><tr><th scope="row">{model["replay.error"]}<small>{model["replay.error.note"]}</small></th>{Html.Each([t.P50, t.P90, t.P99, t.P999, t.Max], v => Html.Of($"""<td class="n">{ReplaySentences.Time(v)}</td>"""))}<td class="n">{Drift(r.Drift)}</td></tr></tbody></table></div>
        {Panel.Chart(model, "sendingError", "small")}
        <p class="note">{model["replay.drift.note"]}</p>
        </section>
        """);

    /// <summary>Of nothing, nothing; what is there is never shown as nothing.</summary>
    private static string Drift(double drift) => drift < 0 ? "−" + Figures.Share(-drift) : Figures.Share(drift);

    /// <summary>What was replayed while it passed: per source, with what was lost of it on the way.</summary>
    private static Html Sources(ReplaySummary r, ReportModel model) => Html.Of($"""
        <section class="replay {Panel.KeptTogether(r.Captures.Count)}">
        <h3>{model["replay.sources"]}</h3>
        <div class="scroll"><table>
        <thead><tr><th>{model["replay.source"]}</th><th class="n">{model["replay.captured"]}</th><th class="n">{model["replay.replayed"]}</th><th class="n">{model["replay.sentOf"]}</th><th class="n">{model["replay.lost"]}</th><th class="n">{model["replay.late"]}</th><th class="n">{model["replay.silences"]}</th></tr></thead>
        <tbody>{Html.Each(r.Captures.Take(MostCaptures), c => Source(c, model))}</tbody></table></div>
        {More(r, model)}
        <p class="note">{model["replay.sources.note"]}</p>
        </section>
        """);

    private static Html Source(CaptureSummary c, ReportModel model)
    {
        var live = c.Live ?? new(0, 0, 0, 0, 0, 0, null);
        var lost = live.Kernel + live.Shed + live.Way;
        var note = model.Text.Format("replay.lost.note", Figures.Count(live.Kernel), Figures.Count(live.Shed), Figures.Count(live.Way));
        return Html.Of($"""
            <tr><th scope="row" class="breaks">{c.Name}{(live.Broken is null ? Html.Empty : Html.Of($"<small>{live.Broken}</small>"))}</th><td class="n">{Figures.Count(c.Requests)}</td><td class="n">{Figures.Count(c.Replayed)}<small>{Figures.Share(ReplaySentences.Share(c.Replayed, c.Requests))}</small></td><td class="n">{Figures.Count(c.Sent ?? 0)}</td><td class="n">{Figures.Count(lost)}{(lost == 0 ? Html.Empty : Html.Of($"<small>{note}</small>"))}</td><td class="n">{Figures.Count(live.Late)}</td><td class="n">{Figures.Count(live.Silences)}</td></tr>
            """);
    }

    private static Html Captures(ReplaySummary r, ReportModel model) => r.Captures.Count == 0 ? Html.Empty : r.Captures.Any(c => c.Live is not null) ? Sources(r, model) : Html.Of($"""
        <section class="replay {Panel.KeptTogether(r.Captures.Count)}">
        <h3>{model["replay.captures"]}</h3>
        <div class="scroll"><table>
        <thead><tr><th>{model["replay.capture"]}</th><th class="n">{model["replay.requests"]}</th><th class="n">{model["replay.replayed"]}</th><th class="n">{model["replay.connections"]}</th><th class="n">{model["replay.length"]}</th></tr></thead>
        <tbody>{Html.Each(r.Captures.Take(MostCaptures), c => Html.Of($"""
            <tr><th scope="row" class="breaks">{c.Name}</th><td class="n">{Figures.Count(c.Requests)}</td><td class="n">{Figures.Count(c.Replayed)}<small>{Figures.Share(ReplaySentences.Share(c.Replayed, c.Requests))}</small></td><td class="n">{Figures.Count(c.Connections)}</td><td class="n">{Figures.Span(TimeSpan.FromSeconds(Math.Round(c.Seconds, 1)))}</td></tr>
            """))}</tbody></table></div>
        {More(r, model)}
        </section>
        """);

    private static Html More(ReplaySummary r, ReportModel model) => r.Captures.Count > MostCaptures
        ? Html.Of($"""<p class="note">{model.Text.Format("chaos.more", MostCaptures, Figures.Count(r.Captures.Count))}</p>""")
        : Html.Empty;
}
