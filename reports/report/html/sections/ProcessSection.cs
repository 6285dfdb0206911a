using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Watched processes: CPU and memory, and what their collectors did.</summary>
internal static class ProcessSection
{
    /// <summary>Rows of the table of collections, at the most.</summary>
    private const int MostRows = 20;

    public static Html Render(ReportModel model) => model.Charted.Processes.Count == 0 ? Html.Empty : Html.Of($"""
        <section>
        <h2>{model["section.processes"]}</h2>
        {Collections(model)}
        {Html.Each(model.Charted.Processes, p => Charts(p, model))}
        {Panel.Drawn(model, model.Charted.Processes.Count, model.Charted.ProcessesInAll)}
        </section>
        """);

    /// <summary>What something belongs to and where it is.</summary>
    public static string On(ReportModel model, string? service, string where) =>
        service is null ? where : model.Text.Format("machines.of", service, where);

    /// <summary>A collector for readers: <c>Java, G1</c>; <c>.NET</c>.</summary>
    public static string Collector(GcRuntime runtime, string collector) => runtime == GcRuntime.Dotnet ? ".NET" : $"Java, {collector}";

    private static Html Collections(ReportModel model) => model.Summary.Gc.Count == 0 ? Html.Empty : Html.Of($"""
        <div class="scroll"><table class="requests">
        <thead><tr><th>{model["column.process"]}</th><th class="n">{model["gc.collections"]}</th><th class="n">{model["gc.full"]}</th><th class="n">{model["gc.pauses"]}</th><th class="n">p99</th><th class="n">{model["column.max"]}</th><th class="n">{model["gc.stopped"]}</th><th class="n">{model["gc.allocated"]}</th><th class="n">{model["gc.cycles"]}</th></tr></thead>
        <tbody>{Html.Each(model.Summary.Gc.OrderByDescending(g => g.PauseTotal).Take(MostRows), g => Row(g, model))}</tbody></table></div>
        {Panel.Drawn(model, Math.Min(MostRows, model.Summary.Gc.Count), model.Summary.Gc.Count)}
        """);

    private static Html Row(GcSummary g, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{g.Process}<small>{(g.Runtime == "jvm" ? $"Java, {g.Collector}" : ".NET")} · {On(model, g.Service, g.Container ?? HostSection.Title(g.Host, model))}</small></th>
        <td class="n">{Figures.Count(g.Collections)}</td><td class="n {(g.Full > 0 ? "bad" : "")}">{Figures.Count(g.Full)}</td>
        <td class="n">{Figures.Duration(g.PauseTotal)}</td><td class="n">{Figures.Duration(g.PauseP99)}</td><td class="n">{Figures.Duration(g.PauseMax)}</td>
        <td class="n">{Figures.Share(g.StoppedShare)}</td><td class="n">{(g.AllocationRate is { } a ? Figures.Bytes(a.Mean) + "/s" : "–")}</td><td class="n">{Cycles(g.OldCycles, model)}</td></tr>
        """);

    private static Html Cycles(OldCycleSummary cycles, ReportModel model) => cycles.Count == 0 ? Html.Of($"–")
        : Html.Of($"{Figures.Count(cycles.Count)}{(cycles.MeanInterval is { } every ? Html.Of($"<small>{model.Text.Format("gc.every", Figures.Span(TimeSpan.FromSeconds(Math.Round(every, 1))))}</small>") : Html.Empty)}");

    private static Html Charts(ProcessTrack p, ReportModel model) => Html.Of($"""
        <div class="subject">
        <h3>{model.Charted.Tables[model.Charted.PlaceOf(p)!.Value].Name}<small>{(p.Gc is { } gc ? Collector(gc.Runtime, gc.Collector) + " · " : "")}{On(model, p.Service, p.Container ?? HostSection.Title(p.Host.Name, model))}</small></h3>
        <div class="grid">
        {Panel.Of(model, p, "processCpu", "small", "cpu")}
        {Panel.Of(model, p, "heap", "small", "heap", "allocated")}
        {Panel.Lines(model, p.Gc is null ? [] : [p], "pauses", "pause", "small")}
        {Panel.Of(model, p, "stopped", "small", "stopped")}
        </div>
        </div>
        """);
}
