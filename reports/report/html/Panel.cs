using System.Globalization;

namespace Pressure.Reports;

/// <summary>A chart with its title, and the table behind it.</summary>
internal static class Panel
{
    /// <summary>A chart of <paramref name="kind"/> (see charts.js); <paramref name="size"/> is one of its CSS classes: small, strip. Without <paramref name="axis"/> its time axis is that of the chart beneath.</summary>
    public static Html Chart(ReportModel model, string kind, string size = "", bool axis = true) => Figure(model, kind, size, axis, "", "");

    /// <summary>A chart of one subject that the report draws; empty if it has none of the figures.</summary>
    public static Html Of(ReportModel model, object subject, string kind, string size, params string[] figures) =>
        Places(model, [subject], figures) is [var place]
            ? Figure(model, kind, size, axis: true, Text(place), "")
            : Html.Empty;

    /// <summary>A chart of one figure with a line for each subject; empty if none of them has it.</summary>
    public static Html Lines(ReportModel model, IEnumerable<object> subjects, string kind, string figure, string size, bool axis = true) =>
        Places(model, subjects, [figure]) is { Count: > 0 } places
            ? Figure(model, kind, size, axis, string.Join(',', places.Select(Text)), figure)
            : Html.Empty;

    /// <summary>The class of a section with a table: a short one is not torn apart by the end of a page.</summary>
    public static string KeptTogether(int rows) => rows <= 12 ? "whole" : "";

    /// <summary>Says that only some are drawn; empty if all are.</summary>
    public static Html Drawn(ReportModel model, int drawn, int all) => drawn >= all ? Html.Empty
        : Html.Of($"""<p class="note">{model.Text.Format("machines.drawn", drawn, all)}</p>""");

    private static List<int> Places(ReportModel model, IEnumerable<object> subjects, string[] figures) =>
        [.. subjects.Select(model.Charted.PlaceOf).OfType<int>().Where(p => figures.Any(f => model.Charted.Tables[p].Columns.TryGetValue(f, out var column) && column.Any(v => v is not null)))];

    private static string Text(int place) => place.ToString(CultureInfo.InvariantCulture);

    private static Html Figure(ReportModel model, string kind, string size, bool axis, string tracks, string figure) => Html.Of($"""
        <figure class="panel {size}">
        <figcaption>{model["chart.title." + kind]}</figcaption>
        <div class="chart" data-chart="{kind}"{Attribute("tracks", tracks)}{Attribute("figure", figure)}{(axis ? Html.Empty : Html.Of($""" data-noaxis="true" """))} aria-label="{model["chart.title." + kind]}"></div>
        <details class="data"><summary>{model["data.table"]}</summary><div class="scroll"></div></details>
        </figure>
        """);

    private static Html Attribute(string name, string value) => value.Length == 0 ? Html.Empty : Html.Of($""" data-{name}="{value}" """);
}
