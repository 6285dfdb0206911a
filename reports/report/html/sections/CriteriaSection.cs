using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Every criterion with what was measured.</summary>
internal static class CriteriaSection
{
    public static Html Render(ReportModel model) => model.Summary.Thresholds.Count == 0 ? Html.Empty : Html.Of($"""
        <section class="criteria">
        <h2>{model["section.criteria"]}</h2>
        <table><thead><tr><th>{model["criteria.criterion"]}</th><th class="n">{model["criteria.actual"]}</th><th>{model["criteria.result"]}</th></tr></thead>
        <tbody>{Html.Each(model.Summary.Thresholds.Zip(model.Manifest.Thresholds), t => Row(t.First, t.Second, model))}</tbody></table>
        </section>
        """);

    private static Html Row(ThresholdResult t, ThresholdManifest written, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{CriterionText.Of(written).In(model.Language)}<small><code>{t.Expression}</code></small>{WhyUnjudged(written, model)}</th>
        <td class="n">{(t.Error is null ? t.ActualText : "–")}</td>
        <td>{(t.Passed ? Html.Of($"""<span class="chip ok">✓ {model["criteria.held"]}</span>""") : Html.Of($"""<span class="chip bad">✗ {model[t.Error is null ? "criteria.missed" : "criteria.unjudged"]}</span>"""))}</td></tr>
        """);

    private static Html WhyUnjudged(ThresholdManifest written, ReportModel model) =>
        ThresholdJudge.WhyUnjudged(written, model.Measured) is { } why ? Html.Of($"<small>{why.In(model.Language)}</small>") : Html.Empty;
}
