namespace Pressure.Reports;

/// <summary>A chart with its title, and the table behind it.</summary>
internal static class Panel
{
    /// <summary>A chart of <paramref name="kind"/> (see charts.js); <paramref name="size"/> is one of its CSS classes: small, strip. Without <paramref name="axis"/> its time axis is that of the chart beneath.</summary>
    public static Html Chart(ReportModel model, string kind, string size = "", string? host = null, bool axis = true)
    {
        var heading = model["chart.title." + kind];
        return Html.Of($"""
            <figure class="panel {size}">
            <figcaption>{heading}</figcaption>
            <div class="chart" data-chart="{kind}" data-host="{host}"{(axis ? Html.Empty : Html.Of($""" data-noaxis="true" """))} aria-label="{heading}"></div>
            <details class="data"><summary>{model["data.table"]}</summary><div class="scroll"></div></details>
            </figure>
            """);
    }

    /// <summary>The class of a section with a table: a short one is not torn apart by the end of a page.</summary>
    public static string KeptTogether(int rows) => rows <= 12 ? "whole" : "";
}
