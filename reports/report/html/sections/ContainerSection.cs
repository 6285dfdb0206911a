namespace Pressure.Reports;

/// <summary>CPU with its limit and throttling, memory with its limit, and network of containers.</summary>
internal static class ContainerSection
{
    public static Html Render(ReportModel model) => model.Charted.Containers.Count == 0 ? Html.Empty : Html.Of($"""
        <section>
        <h2>{model["section.containers"]}</h2>
        {Html.Each(model.Charted.Containers, c => Charts(c, model))}
        {Panel.Drawn(model, model.Charted.Containers.Count, model.Charted.ContainersInAll)}
        </section>
        """);

    private static Html Charts(ContainerTrack c, ReportModel model) => Html.Of($"""
        <div class="subject">
        <h3>{model.Charted.Tables[model.Charted.PlaceOf(c)!.Value].Name}{Where(c, model)}</h3>
        <div class="grid three">
        {Panel.Of(model, c, "containerCpu", "small", "cpu")}
        {Panel.Of(model, c, "containerMemory", "small", "memory")}
        {Panel.Of(model, c, "network", "small", "networkIn")}
        </div>
        </div>
        """);

    private static Html Where(ContainerTrack c, ReportModel model) => Html.Of($"<small>{ProcessSection.On(model, c.Service, HostSection.Title(c.Host.Name, model))}</small>");
}
