namespace Pressure.Reports;

/// <summary>Whether the figures can be trusted: the generator's own health.</summary>
internal static class GeneratorSection
{
    public static Html Render(ReportModel model)
    {
        if (model.Run.Generator.Count == 0)
            return Html.Empty;
        if (model.Crew is { Workers.Count: > 0 } crew)
            return OfWorkers(crew, model);
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

    /// <summary>Each worker by itself: the figures of all together would hide the one that can't keep up.</summary>
    private static Html OfWorkers(Crew crew, ReportModel model)
    {
        var g = model.Summary.Generator;
        var saturated = crew.Saturated;
        var latest = crew.Workers.MaxBy(w => w.LateP99)!;
        var verdict = saturated.Count == 0
            ? model.Text.Format("generator.workersHealthy", Figures.Duration(latest.LateP99), latest.Name, Figures.Number(g.Cpu))
            : model.Text.Format("generator.workersSaturated", Finding.Names([.. saturated.Select(w => w.Name)]).In(model.Language), saturated[0].Saturation!.Clause.In(model.Language), Figures.Number(g.Cpu));
        return Html.Of($"""
            <section class="whole">
            <h2>{model["section.generator"]}</h2>
            <p>{verdict}</p>
            {Panel.Chart(model, "generator", "strip")}
            {Panel.Lines(model, model.Charted.Latest, "workerLateness", TrackColumns.Late, "strip")}
            <p class="note">{model["generator.workersNote"]}{(model.Charted.Latest.Count < crew.Workers.Count ? " " + model.Text.Format("machines.drawn", model.Charted.Latest.Count, crew.Workers.Count) : "")}</p>
            </section>
            """);
    }
}
