namespace Pressure.Reports;

/// <summary>The plan as run, whole up to a length that a reader may still turn pages for.</summary>
internal static class PlanSection
{
    private const int MaxLines = 300;
    private const int MaxLineLength = 400;

    public static Html Render(ReportModel model)
    {
        var lines = model.Run.PlanText.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        var shown = string.Join('\n', lines.Take(MaxLines).Select(l => l.Length > MaxLineLength ? l[..MaxLineLength] + " …" : l));
        return Html.Of($"""
            <section class="plan">
            <h2>{model[model.Manifest.IsDrill ? "section.experiment" : "section.plan"]}</h2>
            <pre>{shown}</pre>
            {(lines.Length > MaxLines ? Html.Of($"""<p class="note">{model.Text.Format("plan.cut", MaxLines, Figures.Count(lines.Length))}</p>""") : Html.Empty)}
            </section>
            """);
    }
}
