namespace Pressure.Reports;

/// <summary>Every criterion with what was measured.</summary>
internal static class CriteriaSection
{
    public static Html Render(ReportModel model) => model.Summary.Thresholds.Count == 0 ? Html.Empty : Html.Of($"""
        <section class="criteria">
        <h2>{model["section.criteria"]}</h2>
        <table><thead><tr><th>{model["criteria.criterion"]}</th><th class="n">{model["criteria.actual"]}</th><th>{model["criteria.result"]}</th></tr></thead>
        <tbody>{Html.Each(model.Summary.Thresholds.Zip(model.Manifest.Thresholds), t => Row(t.First, CriterionText.Of(t.Second).In(model.Language), model))}</tbody></table>
        </section>
        """);

    private static Html Row(ThresholdResult t, string inWords, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{inWords}<small><code>{t.Expression}</code></small>{(t.Error is null ? Html.Empty : Html.Of($"<small>{t.Error}</small>"))}</th>
        <td class="n">{(t.Error is null ? t.ActualText : "–")}</td>
        <td>{(t.Passed ? Html.Of($"""<span class="chip ok">✓ {model["criteria.held"]}</span>""") : Html.Of($"""<span class="chip bad">✗ {model[t.Error is null ? "criteria.missed" : "criteria.unjudged"]}</span>"""))}</td></tr>
        """);
}
