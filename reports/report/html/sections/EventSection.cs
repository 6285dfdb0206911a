namespace Pressure.Reports;

/// <summary>The timeline, and what could not be recovered of it.</summary>
internal static class EventSection
{
    public static Html Render(ReportModel model) => Html.Of($"""
        <section class="{Panel.KeptTogether(model.Run.Events.Count)}">
        <h2>{model["section.events"]}</h2>
        <table class="events"><tbody>{Html.Each(model.Run.Events, e => Row(EventText.Summary(e, model.Run, model.Language)))}</tbody></table>
        {Torn(model)}
        </section>
        """);

    private static Html Row(EventSummary e) =>
        Html.Of($"""<tr><th scope="row"><time>{ReportModel.Clock(e.At)}</time></th><td>{e.Detail}</td></tr>""");

    private static Html Torn(ReportModel model) => model.Run.Recoveries.Count == 0 ? Html.Empty : Html.Of($"""
        <h3>{model["section.recovery"]}</h3>
        <ul>{Html.Each(model.Run.Recoveries, r => Html.Of($"<li>{model.Text.Format("recovery.tail", r.File, Figures.Bytes(r.BytesCut), Figures.Bytes(r.BytesKept))}</li>"))}</ul>
        """);
}
