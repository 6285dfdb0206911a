namespace Pressure.Reports;

/// <summary>Where the time of requests went, as a picture if there is more to see than waiting for the target.</summary>
internal static class PhaseSection
{
    public static Html Render(ReportModel model)
    {
        var rows = PhaseRows.Of(model);
        if (rows.Count == 0)
            return Html.Empty;
        var waiting = Figures.Share(1 - rows[0].Elsewhere);
        return PhaseRows.SaySomething(rows)
            ? Html.Of($"""
                <section class="whole">
                <h2>{model["section.phases"]}</h2>
                {Panel.Chart(model, "phases")}
                <p class="note">{model["phases.note"]}{More(model)}</p>
                </section>
                """)
            : Html.Of($"""<section class="whole"><h2>{model["section.phases"]}</h2><p>{model.Text.Format("phases.waitingOnly", waiting)}</p></section>""");
    }

    private static Html More(ReportModel model) => model.Summary.ByRequest.Count > PhaseRows.Most
        ? Html.Of($" {model.Text.Format("phases.more", PhaseRows.Most, model.Summary.ByRequest.Count)}")
        : Html.Empty;
}
