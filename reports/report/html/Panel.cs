namespace Pressure.Reports;

/// <summary>A chart with its title, and the table behind it.</summary>
internal static class Panel
{
    /// <summary>A chart of <paramref name="kind"/> (see charts.js); <paramref name="size"/> is one of its CSS classes: small, strip, tall.</summary>
    public static Html Chart(ReportModel model, string kind, string size = "", string? host = null, string? title = null)
    {
        var heading = title ?? model["chart.title." + kind];
        return Html.Of($"""
            <figure class="panel {size}">
            <figcaption>{heading}</figcaption>
            <div class="chart" data-chart="{kind}" data-host="{host}" aria-label="{heading}"></div>
            <details class="data"><summary>{model["data.table"]}</summary><div class="scroll"></div></details>
            </figure>
            """);
    }
}
