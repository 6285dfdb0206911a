using System.Globalization;

namespace Pressure.Reports;

/// <summary>How near services, hosts, containers and processes came to their limits, the nearest first.</summary>
internal static class WaterLevelSection
{
    /// <summary>Rows at once, and those that can be unfolded.</summary>
    public const int First = 60, Most = 600;

    private const double High = 0.75;
    private const double AtLimit = 0.9;

    public static Html Render(ReportModel model)
    {
        var levels = WaterLevel.Of(model.Summary);
        // One host alone stands in the table of hosts.
        if (levels.Count < 2)
            return Html.Empty;
        return Html.Of($"""
            <section class="{Panel.KeptTogether(levels.Count)}">
            <h2>{model["section.levels"]}</h2>
            {Table(levels.Take(First), model)}
            {Rest([.. levels.Skip(First)], model)}
            <p class="note">{model["levels.note"]}{(levels.Count > First ? " " + model.Text.Format("levels.first", First, levels.Count) : "")}</p>
            </section>
            """);
    }

    private static Html Rest(IReadOnlyList<WaterLevel> rest, ReportModel model) => rest.Count == 0 ? Html.Empty : Html.Of($"""
        <details class="more"><summary>{model.Text.Format("levels.more", rest.Count)}</summary>{Table(rest.Take(Most - First), model)}</details>
        """);

    private static Html Table(IEnumerable<WaterLevel> levels, ReportModel model) => Html.Of($"""
        <div class="scroll"><table class="levels">
        <thead><tr><th></th><th></th><th>{model["levels.cpu"]}</th><th class="n">{model["levels.load"]}</th><th>{model["levels.memory"]}</th><th class="n">{model["levels.network"]}</th><th class="n">{model["levels.gc"]}</th></tr></thead>
        <tbody>{Html.Each(levels, l => Row(l, model))}</tbody></table></div>
        """);

    private static Html Row(WaterLevel l, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{(l.Kind == LevelOf.Host ? HostSection.Title(l.Name, model) : l.Name)}{Where(l, model)}</th>
        <td class="kind">{model["levels." + l.Kind]}</td>
        {Bar(l.Cpu, Throttled(l, model))}<td class="n {(l.LoadPerCore > 1 ? "warn" : "")}">{(l.LoadPerCore is { } load ? Figures.Number(load) : "–")}</td>
        {Bar(l.Memory, Html.Empty)}<td class="n">{(l.Network is { } network ? Figures.Bytes(network) + "/s" : "–")}</td>
        <td class="n {(l.Gc >= 0.05 ? "warn" : "")}">{(l.Gc is { } gc ? Figures.Share(gc) : "–")}</td></tr>
        """);

    private static Html Where(WaterLevel l, ReportModel model) => l.Kind is LevelOf.Service or LevelOf.Host || l.Where.Length == 0
        ? Html.Empty
        : Html.Of($"<small>{ProcessSection.On(model, l.Service, HostSection.Title(l.Where, model))}</small>");

    private static Html Throttled(WaterLevel l, ReportModel model) => l.Throttled is >= 0.01 and var share
        ? Html.Of($"<small>{model.Text.Format("levels.throttled", Figures.Share(share))}</small>")
        : Html.Empty;

    /// <summary>The peak as a bar, with its figure.</summary>
    private static Html Bar(MeanAndPeak? value, Html beside) => value is null
        ? Html.Of($"""<td class="n">–</td>""")
        : Html.Of($"""<td><div class="level {Tone(value.Peak)}"><i style="--share:{Width(value.Peak)}"></i><b>{Figures.Share(Math.Min(1, value.Peak))}</b></div>{beside}</td>""");

    private static string Tone(double share) => share >= AtLimit ? "bad" : share >= High ? "warn" : "";

    private static string Width(double share) => Math.Round(Math.Clamp(share, 0, 1), 3).ToString(CultureInfo.InvariantCulture);
}
