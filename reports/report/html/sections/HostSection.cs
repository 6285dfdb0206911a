namespace Pressure.Reports;

/// <summary>CPU, load, memory, network and disk of every sampled host.</summary>
internal static class HostSection
{
    public static Html Render(ReportModel model) => model.Summary.Hosts.Count == 0
        ? model.Points.Count == 0 ? Html.Empty : Html.Of($"<section><h2>{model["section.hosts"]}</h2><p>{model["hosts.none"]}</p></section>")
        : Html.Of($"""
            <section>
            <h2>{model["section.hosts"]}</h2>
            <div class="scroll"><table>
            <thead><tr><th>{model["column.host"]}</th><th class="n">{model["column.cores"]}</th><th class="n">{model["chart.title.cpu"]}</th><th class="n">{model["column.load1"]}</th><th class="n">{model["chart.title.memory"]}</th><th class="n">{model["chart.title.network"]}</th><th class="n">{model["chart.title.disk"]}</th>{(HasGaps(model) ? Html.Of($"""<th class="n">{model["column.gaps"]}</th>""") : Html.Empty)}</tr></thead>
            <tbody>{Html.Each(model.Summary.Hosts, h => Row(h, model))}</tbody></table></div>
            <p class="note">{model["hosts.note"]}{(HasGaps(model) ? " " + model["hosts.gaps"] : "")}{Silent(model)}</p>
            {Html.Each(model.Charted.Hosts, h => Charts(h, model))}
            {Panel.Drawn(model, model.Charted.Hosts.Count, model.Charted.HostsInAll)}
            </section>
            """);

    /// <summary>The host's name for readers.</summary>
    public static string Title(string host, ReportModel model) => host == "local" ? model["host.local"] : host;

    private static bool HasGaps(ReportModel model) => model.Summary.Hosts.Any(h => h.Gaps.Count > 0);

    private static string Silent(ReportModel model) =>
        model.Summary.SilentHosts.Count == 0 ? "" : " " + model.Text.Format("hosts.silent", string.Join(", ", model.Summary.SilentHosts));

    private static Html Row(HostSummary h, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{Title(h.Name, model)}{Labels(h)}</th><td class="n">{Figures.Count(h.Cores)}</td>
        {Cell(h.Cpu, Figures.Share)}{Cell(h.Load1, Figures.Number)}{Cell(h.Memory, Figures.Share)}{Cell(h.Network, v => Figures.Bytes(v) + "/s")}{Cell(h.Disk, v => Figures.Bytes(v) + "/s")}{Gaps(h, model)}</tr>
        """);

    private static Html Labels(HostSummary h) => h.Labels.Count == 0 ? Html.Empty
        : Html.Of($"<small>{string.Join(" · ", h.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key} {l.Value}"))}</small>");

    private static Html Gaps(HostSummary h, ReportModel model) => !HasGaps(model) ? Html.Empty
        : h.Gaps.Count == 0 ? Html.Of($"""<td class="n">–</td>""")
        : Html.Of($"""<td class="n warn">{Figures.Span(TimeSpan.FromSeconds(h.Gaps.Seconds))}<small>× {h.Gaps.Count}</small></td>""");

    private static Html Cell(MeanAndPeak value, Func<double, string> show) =>
        Html.Of($"""<td class="n">{show(value.Mean)}<small>{show(value.Peak)}</small></td>""");

    private static Html Charts(HostTrack host, ReportModel model) => Html.Of($"""
        <div class="subject">
        {(model.Charted.HostsInAll > 1 ? Html.Of($"<h3>{Title(host.Name, model)}</h3>") : Html.Empty)}
        {Panel.Of(model, host, "cpu", "strip", "user")}
        <div class="grid">
        {Panel.Of(model, host, "load", "small", "load1")}
        {Panel.Of(model, host, "memory", "small", "memory")}
        {Panel.Of(model, host, "network", "small", "networkIn")}
        {Panel.Of(model, host, "disk", "small", "diskRead")}
        {(host["retransmits"] is { Peak: > 0 } ? Panel.Of(model, host, "retransmits", "small", "retransmits") : Html.Empty)}
        </div>
        </div>
        """);
}
