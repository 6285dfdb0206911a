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
            <thead><tr><th>{model["column.host"]}</th><th class="n">{model["column.cores"]}</th><th class="n">{model["chart.title.cpu"]}</th><th class="n">{model["column.load1"]}</th><th class="n">{model["chart.title.memory"]}</th><th class="n">{model["chart.title.network"]}</th><th class="n">{model["chart.title.disk"]}</th></tr></thead>
            <tbody>{Html.Each(model.Summary.Hosts, h => Row(h, model))}</tbody></table></div>
            <p class="note">{model["hosts.note"]}</p>
            {Html.Each(model.Summary.Hosts, h => Charts(h.Name, model))}
            </section>
            """);

    /// <summary>The host's name for readers.</summary>
    public static string Title(string host, ReportModel model) => host == "local" ? model["host.local"] : host;

    private static Html Row(HostSummary h, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{Title(h.Name, model)}</th><td class="n">{Figures.Count(h.Cores)}</td>
        {Cell(h.Cpu, Figures.Share)}{Cell(h.Load1, Figures.Number)}{Cell(h.Memory, Figures.Share)}{Cell(h.Network, v => Figures.Bytes(v) + "/s")}{Cell(h.Disk, v => Figures.Bytes(v) + "/s")}</tr>
        """);

    private static Html Cell(MeanAndPeak value, Func<double, string> show) =>
        Html.Of($"""<td class="n">{show(value.Mean)}<small>{show(value.Peak)}</small></td>""");

    private static Html Charts(string host, ReportModel model) => Html.Of($"""
        {(model.Summary.Hosts.Count > 1 ? Html.Of($"<h3>{Title(host, model)}</h3>") : Html.Empty)}
        {Panel.Chart(model, "cpu", "strip", host)}
        <div class="grid">{Html.Each(["load", "memory", "network", "disk"], kind => Panel.Chart(model, kind, "small", host))}</div>
        """);
}
