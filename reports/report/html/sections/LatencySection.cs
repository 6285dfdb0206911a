namespace Pressure.Reports;

/// <summary>How response times are spread, and the difference between what users wait and what single requests take.</summary>
internal static class LatencySection
{
    public static Html Render(ReportModel model) => !model.HasDurations ? Html.Empty : Html.Of($"""
        <section>
        <h2>{model["section.latency"]}</h2>
        <div class="scroll"><table>
        <thead><tr><th></th><th class="n">{model["column.min"]}</th><th class="n">{model["column.mean"]}</th><th class="n">p50</th><th class="n">p90</th><th class="n">p95</th><th class="n">p99</th><th class="n">p99.9</th><th class="n">{model["column.max"]}</th></tr></thead>
        <tbody>{Row(model["chart.responseTime"], model["latency.response.note"], model.Summary.ResponseTime)}{Row(model["chart.serviceTime"], model["latency.service.note"], model.Summary.ServiceTime)}</tbody></table></div>
        {Panel.Chart(model, "latencies")}
        {Panel.Chart(model, "percentiles")}
        <p class="note">{model["latency.curve.note"]}</p>
        {Panel.Chart(model, "flight", "strip")}
        </section>
        """);

    private static Html Row(string name, string note, DurationSummary d) => Html.Of($"""
        <tr><th scope="row">{name}<small>{note}</small></th>{Html.Each([d.Min, d.Mean, d.P50, d.P90, d.P95, d.P99, d.P999, d.Max], v => Html.Of($"""<td class="n">{Figures.Duration(v)}</td>"""))}</tr>
        """);
}
