using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A capacity search: what was found, throughput and response time against the offered load, every plateau.</summary>
internal static class SearchSection
{
    public static Html Render(ReportModel model) => model.Summary.Search is not { Plateaus.Count: > 0 } search ? Html.Empty : Html.Of($"""
        <section class="search">
        <h2>{model["section.search"]}</h2>
        <p class="found"><b>{Headline(search, model)}</b>{Broken(search, model)}</p>
        <p class="note">{Says(search, model)}</p>
        {Panel.Chart(model, "searchThroughput")}
        {Panel.Chart(model, "searchLatency")}
        <p class="note key">{Html.Each(Enum.GetValues<PlateauOutcome>().Where(o => search.Plateaus.Any(p => p.Outcome == o)), o => Key(o, model))}</p>
        </section>
        <section class="{Panel.KeptTogether(search.Plateaus.Count)}">
        <h2>{model["search.plateaus"]}</h2>
        <div class="scroll"><table class="plateaus">
        <thead><tr><th></th><th>{model["search.column.phase"]}</th><th class="n">{model["search.column.offered"]}</th><th class="n">{model["search.column.delivered"]}</th><th class="n">p50</th><th class="n">p95</th><th class="n">p99</th><th class="n">{model["column.failedShare"]}</th><th>{model["search.column.result"]}</th></tr></thead>
        <tbody>{Html.Each(search.Plateaus, p => Row(p, search, model))}</tbody></table></div>
        <p class="note">{model["search.rule"]}</p>
        </section>
        """);

    private static string Headline(SearchSummary s, ReportModel model) => (s.Holds, s.Breaks) switch
    {
        ({ } holds, { } breaks) => model.Text.Format("search.headline.both", Figures.Rate(holds), Figures.Rate(breaks)),
        ({ } holds, null) => model.Text.Format("search.headline.held", Figures.Rate(holds)),
        (null, { } breaks) => model.Text.Format("search.headline.none", Figures.Rate(breaks)),
        _ => model["search.headline.unknown"],
    };

    private static Html Broken(SearchSummary s, ReportModel model) =>
        s.BrokenBy is { } broken ? Html.Of($"<span>{SearchSentences.Broken(broken).In(model.Language)}</span>") : Html.Empty;

    private static string Says(SearchSummary s, ReportModel model)
    {
        List<string> said = [];
        if (SearchSentences.Confidence(s) is { } confidence)
            said.Add(confidence.In(model.Language));
        if (s.Knee is { } knee)
            said.Add(model.Text.Format("search.knee", Figures.Rate(knee)));
        return string.Join(model.Language == ReportLanguage.Zh ? "" : " ", said);
    }

    /// <summary>What the shapes in the charts mean.</summary>
    private static Html Key(PlateauOutcome outcome, ReportModel model)
    {
        var (tone, shape) = outcome switch
        {
            PlateauOutcome.Held => ("ok", "●"),
            PlateauOutcome.Broke => ("bad", "◆"),
            _ => ("warn", "▲"),
        };
        return Html.Of($"""<span><i class="{tone}">{shape}</i> {model["search.outcome." + outcome]}</span>""");
    }

    private static Html Row(SearchPlateau p, SearchSummary s, ReportModel model) => Html.Of($"""
        <tr class="{(p.Rate.Equals(s.Holds) ? "held" : "")}"><td class="n">{p.Number}</td><th scope="row">{model["search.phase." + p.Phase]}</th>
        <td class="n">{model.Text.Format("perSecond.short", Figures.Rate(p.Rate))}</td><td class="n">{model.Text.Format("perSecond.short", Figures.Rate(p.Delivered))}</td>
        {Time(p.P50)}{Time(p.P95)}{Time(p.P99)}<td class="n">{(p.Ok + p.Failed == 0 ? "–" : Figures.Share(p.ErrorShare))}</td>
        <td>{Outcome(p, model)}</td></tr>
        """);

    private static Html Time(double? milliseconds) => Html.Of($"""<td class="n">{(milliseconds is { } ms ? Figures.Duration(ms) : "–")}</td>""");

    private static Html Outcome(SearchPlateau p, ReportModel model)
    {
        var (tone, mark) = p.Outcome switch
        {
            PlateauOutcome.Held => ("ok", "✓"),
            PlateauOutcome.Broke => ("bad", "✗"),
            _ => ("warn", "!"),
        };
        var why = p.Outcome == PlateauOutcome.Broke && p.BrokenBy is { } broken ? Html.Of($"<small>{SearchSentences.Broken(broken).In(model.Language)}</small>") : Html.Empty;
        return Html.Of($"""<span class="chip {tone}">{mark} {model["search.outcome." + p.Outcome]}</span>{why}""");
    }
}
