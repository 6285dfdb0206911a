namespace Pressure.Reports;

/// <summary>Whether the figures can be trusted: the generator's own health.</summary>
internal static class GeneratorSection
{
    public static Html Render(ReportModel model)
    {
        if (model.Run.Generator.Count == 0)
            return Html.Empty;
        var g = model.Summary.Generator;
        var key = model.Saturation switch
        {
            null => "generator.healthy",
            { IsOverrun: true } => "generator.overrun",
            { BusyMachine: null } => "generator.saturated",
            _ => "generator.starved",
        };
        var verdict = model.Text.Format(key, Figures.Duration(g.LateP99), Figures.Number(g.Cpu));
        return Html.Of($"""
            <section class="whole">
            <h2>{model["section.generator"]}</h2>
            <p>{verdict}</p>
            {Panel.Chart(model, "generator", "strip")}
            </section>
            """);
    }
}
