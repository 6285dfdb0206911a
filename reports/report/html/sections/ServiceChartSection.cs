namespace Pressure.Reports;

/// <summary>Each service by itself: response times of its requests above what its hosts, containers and processes did, on one time axis.</summary>
internal static class ServiceChartSection
{
    public static Html Render(ReportModel model) => model.Charted.Services.Count == 0 ? Html.Empty : Html.Of($"""
        <section>
        <h2>{model["section.serviceCharts"]}</h2>
        {Html.Each(model.Charted.Services, s => Charts(s, model))}
        </section>
        """);

    private static Html Charts(string service, ReportModel model)
    {
        List<object> parts =
        [
            .. model.Charted.Hosts.Where(h => h.Service == service),
            .. model.Charted.Containers.Where(c => c.Service == service),
            .. model.Charted.Processes.Where(p => p.Service == service),
        ];
        // A container says what its only process would say again.
        List<object> loaded = parts.Any(p => p is ContainerTrack) ? [.. parts.Where(p => p is not ProcessTrack { Container: not null })] : parts;
        return Html.Of($"""
            <div class="subject">
            <h3>{service}</h3>
            <div class="overview">
            {Panel.Of(model, service, "serviceLatency", "strip", "p50")}
            {Panel.Lines(model, model.Charted.Collected.Where(p => p.Service == service), "pauses", "pause", "strip")}
            <div class="grid">
            {Panel.Lines(model, loaded, "cpuLines", "cpuShare", "small")}
            {Panel.Lines(model, loaded, "memoryLines", "memoryShare", "small")}
            </div>
            </div>
            </div>
            """);
    }
}
