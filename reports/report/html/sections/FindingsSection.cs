namespace Pressure.Reports;

/// <summary>What stands out, in plain sentences.</summary>
internal static class FindingsSection
{
    public static Html Render(ReportModel model)
    {
        var findings = Findings.Of(model);
        // What could be said about the load says nothing of a drill.
        return findings.Count == 0 && model.Manifest.IsDrill ? Html.Empty : Html.Of($"""
            <section class="findings {Panel.KeptTogether(findings.Count)}">
            <h2>{model["section.findings"]}</h2>
            {(findings.Count == 0
                ? Html.Of($"<p>{model["findings.none"]}</p>")
                : Html.Of($"<ul>{Html.Each(findings, f => Html.Of($"<li>{Class(f, model)}{f.In(model.Language)}</li>"))}</ul>"))}
            </section>
            """);
    }

    private static Html Class(Finding f, ReportModel model) =>
        f.Class is { } of ? Html.Of($"""<span class="chip class">{model["finding.class." + of]}</span> """) : Html.Empty;
}
