namespace Pressure.Reports;

/// <summary>Figures per request of the plan; nothing of a drill, which has none.</summary>
internal static class RequestSection
{
    public static Html Render(ReportModel model) => model.Summary.ByRequest.Count == 0 ? Html.Empty : Html.Of($"""
        <section class="{Panel.KeptTogether(model.Summary.ByRequest.Count)}">
        <h2>{model["section.requests"]}</h2>
        <div class="scroll"><table class="requests">
        <thead><tr><th>{model["column.request"]}</th><th class="n">{model["column.sent"]}</th><th class="n">{model["column.ok"]}</th><th class="n">{model["column.failed"]}</th><th class="n">{model["column.rate"]}</th><th class="n">p50</th><th class="n">p95</th><th class="n">p99</th><th class="n">{model["column.max"]}</th><th class="n">{model["column.serviceP99"]}</th></tr></thead>
        <tbody>{Html.Each(model.Summary.ByRequest, r => Row(r, model))}</tbody></table></div>
        </section>
        """);

    private static Html Row(RequestSummary r, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{r.Name}<small>{r.Method} {ReadableUrl.PathOf(r.Url)} · {r.Scenario}</small></th>
        <td class="n">{Figures.Count(r.Sent)}</td><td class="n">{Figures.Count(r.Ok)}</td>{Failed(r.Failed)}<td class="n">{model.Text.Format("perSecond.short", Figures.Rate(r.Rate))}</td>
        {Times(r.Ok + r.Failed, r.ResponseTime.P50, r.ResponseTime.P95, r.ResponseTime.P99, r.ResponseTime.Max, r.ServiceTime.P99)}</tr>
        """);

    /// <summary>A count of failures, coloured only when there are some.</summary>
    public static Html Failed(long count) => Html.Of($"""<td class="n {(count > 0 ? "bad" : "")}">{Figures.Count(count)}</td>""");

    /// <summary>Times, or dashes where nothing ended.</summary>
    public static Html Times(long ended, params double[] milliseconds) =>
        Html.Each(milliseconds, v => Html.Of($"""<td class="n">{(ended == 0 ? "–" : Figures.Duration(v))}</td>"""));
}
