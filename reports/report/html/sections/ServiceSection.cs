namespace Pressure.Reports;

/// <summary>Figures per service: where the chain is weakest.</summary>
internal static class ServiceSection
{
    public static Html Render(ReportModel model)
    {
        // Services that only label a host or a container have no requests, and their figures stand elsewhere.
        var asked = model.Summary.ByService.Where(s => s.Sent > 0 || model.Manifest.Requests.Any(r => r.Service == s.Name)).ToList();
        if (asked.Count < 2)
            return Html.Empty;
        var weakest = WeakestService.Find(model.Measured)?.Name;
        return Html.Of($"""
            <section class="{Panel.KeptTogether(asked.Count)}">
            <h2>{model["section.services"]}</h2>
            <div class="scroll"><table>
            <thead><tr><th>{model["column.service"]}</th><th class="n">{model["column.sent"]}</th><th class="n">{model["column.failed"]}</th><th class="n">{model["column.failedShare"]}</th><th class="n">{model["column.rate"]}</th><th class="n">p50</th><th class="n">p95</th><th class="n">p99</th></tr></thead>
            <tbody>{Html.Each(asked, s => Row(s, s.Name == weakest, model))}</tbody></table></div>
            </section>
            """);
    }

    private static Html Row(ServiceSummary s, bool weakest, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{s.Name}{(weakest ? Html.Of($""" <span class="chip warn">{model["service.weakest"]}</span>""") : Html.Empty)}</th>
        <td class="n">{Figures.Count(s.Sent)}</td>{RequestSection.Failed(s.Failed)}<td class="n">{(s.Ok + s.Failed == 0 ? "–" : Figures.Share((double)s.Failed / (s.Ok + s.Failed)))}</td><td class="n">{model.Text.Format("perSecond.short", Figures.Rate(s.Rate))}</td>
        {RequestSection.Times(s.Ok + s.Failed, s.ResponseTime.P50, s.ResponseTime.P95, s.ResponseTime.P99)}</tr>
        """);
}
