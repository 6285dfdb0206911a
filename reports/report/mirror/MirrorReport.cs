using System.Globalization;

namespace Pressure.Reports;

/// <summary>A mirror's session on one page: what became of every request, how long both sides took, and in what their answers differ.</summary>
internal static class MirrorReport
{
    public static string Render(MirrorSession session, ReportLanguage language)
    {
        var text = Strings.For(language);
        return HtmlPage.Render(new(
            text,
            $"{session.Id} · Pressure",
            RunningHead: (session.Id, When(session) + " UTC"),
            Main: Html.Of($"""
                {Masthead(session, text)}
                {CopySection(session, text)}
                {TimeSection(session, text)}
                {Differences(session, text)}
                {RecordSection(session, text)}
                """),
            Footer: text.Format("mirror.footer", session.Id, typeof(MirrorReport).Assembly.GetName().Version?.ToString(3) ?? ""),
            Data: new { lang = language == ReportLanguage.Zh ? "zh" : "en" },
            HasCharts: false));
    }

    private static Html Masthead(MirrorSession session, Strings text) => Html.Of($"""
        <header class="masthead">
        {HtmlPage.Brand(text["mirror.kind"], text)}
        <h1><span class="url">{session.Production}</span>{(session.Target is null ? Html.Empty : Html.Of($""" → <span class="url">{session.Target}</span>"""))}</h1>
        <p class="meta"><span>{session.Id}</span><span>{When(session)} UTC</span><span>{Figures.Span(TimeSpan.FromSeconds(Math.Round(session.Seconds, 1)))}</span></p>
        </header>
        <p class="capacity">{Lead(session, text)}</p>
        <ul class="struck">{Accounted(session, text)}{(session.Differences is null ? Html.Empty : Compared(session, text))}</ul>
        <dl class="tiles">{Html.Join(Tiles(session, text))}</dl>
        """);

    private static string Lead(MirrorSession session, Strings text) => session.Copies is not { } copies ? text.Format("mirror.lead.none", Figures.Count(session.Requests))
        : text.Format("mirror.lead", Figures.Count(session.Requests), Figures.Count(Of(copies, "mirror.copied")), Figures.Share(ReplaySentences.Share(Of(copies, "mirror.copied"), session.Requests)), Figures.Count(Of(copies, "mirror.lost")));

    private static Html Accounted(MirrorSession session, Strings text)
    {
        if (session.Copies is not { } copies)
            return Html.Empty;
        var known = copies.Fates.Values.Sum();
        return known + copies.Open == session.Requests && copies.Open == 0
            ? Html.Of($"""<li>{text.Format("mirror.accounted", Figures.Count(known), Figures.Count(session.Requests))} <span class="chip ok">✓ {text["mirror.accounted.all"]}</span></li>""")
            : Html.Of($"""<li>{text.Format("mirror.accounted", Figures.Count(known), Figures.Count(session.Requests))} <span class="chip warn">! {text["mirror.accounted.not"]}</span></li>""");
    }

    private static Html Compared(MirrorSession session, Strings text)
    {
        var found = Found(session)!;
        return Html.Of($"""<li>{DifferenceSentences.Same(found).In(text.Language)} {ReplayLine.Fields(found, text)}</li>""");
    }

    private static IEnumerable<Html> Tiles(MirrorSession session, Strings text)
    {
        yield return VerdictSection.Tile(text["mirror.tile.requests"], Figures.Count(session.Requests), "", session.Seconds > 0 ? text.Format("mirror.perSecond", Figures.Rate(session.Requests / session.Seconds)) : "");
        yield return VerdictSection.Tile(text["mirror.tile.failed"], Figures.Count(session.Failed), "", text.Format("mirror.aborted", Figures.Count(session.Aborted)), session.Failed > 0 ? "bad" : "");
        yield return VerdictSection.Duration(text["mirror.tile.p99"], session.Times.P99, session.Requests > 0, text["mirror.production"]);
        if (session.Copies is not { } copies)
            yield break;
        yield return VerdictSection.Tile(text["mirror.tile.copied"], Figures.Count(Of(copies, "mirror.copied")), "", Figures.Share(ReplaySentences.Share(Of(copies, "mirror.copied"), session.Requests)));
        yield return VerdictSection.Tile(text["mirror.tile.lost"], Figures.Count(Of(copies, "mirror.lost")), "", text.Format("mirror.openings", Figures.Count(copies.BreakerOpenings)), Of(copies, "mirror.lost") > 0 ? "warn" : "");
    }

    private static Html CopySection(MirrorSession session, Strings text) => session.Copies is not { } copies ? Html.Empty : Html.Of($"""
        <section class="mirror">
        <h2>{text["section.mirror.fates"]}</h2>
        <table class="fates">
        <thead><tr><th></th><th class="n">{text["mirror.requests"]}</th><th>{text["column.share"]}</th></tr></thead>
        {Html.Each(MirrorFates.Groups(copies).Where(g => g.Fates.Count > 0), g => Group(g.Key, g.Fates, session.Requests, text))}
        <tbody><tr class="sum"><th scope="row">{text["mirror.all"]}</th><td class="n">{Figures.Count(copies.Fates.Values.Sum() + copies.Open)}</td><td></td></tr></tbody>
        </table>
        <p class="note">{text.Format("mirror.held", Figures.Bytes(copies.HighestHeldBytes))}</p>
        </section>
        """);

    private static Html Group(string key, IReadOnlyList<(string Word, long Count)> fates, long all, Strings text)
    {
        var sum = fates.Sum(f => f.Count);
        var share = ReplaySentences.Share(sum, all);
        var tone = key switch { "mirror.copied" => "", "mirror.lost" => "bad", "mirror.notPossible" => "warn", _ => "calm" };
        return Html.Of($"""
            <tbody><tr><th scope="rowgroup">{text[key]}</th><td class="n">{Figures.Count(sum)}</td><td><span class="level {tone}"><i style="--share: {share.ToString("0.####", CultureInfo.InvariantCulture)}"></i><b>{Figures.Share(share)}</b></span></td></tr>
            {(key == "mirror.copied" ? Html.Empty : Html.Each(fates, f => Html.Of($"""<tr class="fate"><th scope="row">{Word("mirror.fate", f.Word, text)}</th><td class="n">{Figures.Count(f.Count)}</td><td></td></tr>""")))}</tbody>
            """);
    }

    private static Html TimeSection(MirrorSession session, Strings text) => Html.Of($"""
        <section class="whole">
        <h2>{text["section.mirror.times"]}</h2>
        <div class="scroll"><table>
        <thead><tr><th></th><th class="n">p50</th><th class="n">p95</th><th class="n">p99</th><th class="n">{text["column.max"]}</th></tr></thead>
        <tbody>{TimeRow(text["mirror.times.all"], session.Times, text)}
        {(session.Copies is { } c && Of(c, "mirror.copied") > 0 ? Html.Join([TimeRow(text["mirror.times.same"], c.ProductionTimes, text), TimeRow(text["mirror.times.target"], c.Times, text), Ratio(c, text)]) : Html.Empty)}
        </tbody></table></div>
        <p class="note">{text["mirror.times.note"]}</p>
        {Answers(session, text)}
        </section>
        """);

    private static Html TimeRow(string label, MirrorTimes t, Strings text) => Html.Of($"""
        <tr><th scope="row">{label}</th>{Html.Each([t.P50, t.P95, t.P99, t.Max], v => Html.Of($"""<td class="n">{Figures.Duration(v)}</td>"""))}</tr>
        """);

    private static Html Ratio(MirrorCopies copies, Strings text)
    {
        var pairs = new[] { (copies.Times.P50, copies.ProductionTimes.P50), (copies.Times.P95, copies.ProductionTimes.P95), (copies.Times.P99, copies.ProductionTimes.P99), (copies.Times.Max, copies.ProductionTimes.Max) };
        return Html.Of($"""<tr class="sum"><th scope="row">{text["mirror.times.ratio"]}</th>{Html.Each(pairs, p => Html.Of($"""<td class="n">{(p.Item2 > 0 ? Figures.Number(p.Item1 / p.Item2) + "x" : "–")}</td>"""))}</tr>""");
    }

    private static Html Answers(MirrorSession session, Strings text)
    {
        var classes = session.Answers.Keys.Concat(session.Copies?.Answers.Keys ?? []).Distinct().Order(StringComparer.Ordinal).ToList();
        return classes.Count == 0 ? Html.Empty : Html.Of($"""
            <h3>{text["mirror.answers"]}</h3>
            <table><thead><tr><th></th>{Html.Each(classes, c => Html.Of($"""<th class="n">{c}</th>"""))}</tr></thead>
            <tbody><tr><th scope="row">{text["mirror.production"]}</th>{Html.Each(classes, c => Html.Of($"""<td class="n">{Figures.Count(session.Answers.GetValueOrDefault(c))}</td>"""))}</tr>
            {(session.Copies is not { } copies ? Html.Empty : Html.Of($"""<tr><th scope="row">{text["mirror.times.target"]}</th>{Html.Each(classes, c => Html.Of($"""<td class="n">{Figures.Count(copies.Answers.GetValueOrDefault(c))}</td>"""))}</tr>"""))}
            </tbody></table>
            """);
    }

    private static Html Differences(MirrorSession session, Strings text) => Found(session) is { } found ? DifferenceSection.Of(found, text, new("mirror.json", "mirror.why")) : Html.Empty;

    private static Html RecordSection(MirrorSession session, Strings text) => session.Recorded is not { } recorded ? Html.Empty : Html.Of($"""
        <section class="whole">
        <h2>{text["section.mirror.record"]}</h2>
        {(recorded.Failure is { } why ? Html.Of($"""<p class="lead"><span class="chip bad">✗ {text["mirror.record.failed"]}</span> {why}</p>""") : Html.Empty)}
        <table><tbody>
        <tr><th scope="row" class="breaks">{recorded.Capture}</th><td class="n">{Figures.Count(recorded.Exchanges)}</td></tr>
        {Html.Each(recorded.Dropped.Where(d => d.Value > 0), d => Html.Of($"""<tr><th scope="row">{Word("mirror.dropped", d.Key, text)}</th><td class="n warn">{Figures.Count(d.Value)}</td></tr>"""))}
        </tbody></table>
        <p class="note">{(recorded.IsMasked ? text.Format("mirror.masked", Figures.Count(recorded.MaskedValues)) : text["mirror.masked.none"])}</p>
        </section>
        """);

    private static DifferenceSummary? Found(MirrorSession session) => session.Differences is not { } d ? null
        : DifferenceSummary.Of(d with { Against = d.Against == "primary-secondary" ? "production-secondary" : "production" });

    private static string Word(string list, string word, Strings text) => ReplaySentences.Why(list, word).In(text.Language);

    private static long Of(MirrorCopies copies, string group) => MirrorFates.Groups(copies).Single(g => g.Key == group).Fates.Sum(f => f.Count);

    private static string When(MirrorSession session) => session.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
