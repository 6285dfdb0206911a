namespace Pressure.Reports;

/// <summary>Throughput, response times and errors on one time axis.</summary>
internal static class OverviewSection
{
    public static Html Render(ReportModel model) => model.Points.Count == 0 ? Html.Empty : Html.Of($"""
        <section class="overview">
        <h2>{model["section.overview"]}</h2>
        {Panel.Chart(model, "throughput", "strip", axis: false)}
        {Panel.Chart(model, "latency", "strip", axis: false)}
        {Panel.Lines(model, model.Charted.Collected, "pauses", "pause", "strip", axis: false)}
        {Panel.Chart(model, "errors", "strip")}
        {Joined(model)}
        </section>
        """);

    private static Html Joined(ReportModel model) => Downsampler.StepOf(model.Seconds.Count) is > 1 and var step
        ? Html.Of($"""<p class="note">{model.Text.Format("joined", step)}</p>""")
        : Html.Empty;
}
