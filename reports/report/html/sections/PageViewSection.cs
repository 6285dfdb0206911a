using Pressure.Record;

namespace Pressure.Reports;

/// <summary>How the load follows from page views, step by step.</summary>
internal static class PageViewSection
{
    public static Html Render(ReportModel model) => model.Manifest.Load.PageViews is not { } views ? Html.Empty : Html.Of($"""
        <section class="whole">
        <h2>{model["section.pv"]}</h2>
        <table class="arithmetic"><tbody>{Html.Join(Steps(views, model))}</tbody></table>
        </section>
        """);

    private static IEnumerable<Html> Steps(PageViewManifest v, ReportModel model)
    {
        var busyRequests = v.PerDay * v.RequestsPerPage * v.Share;
        var busySeconds = v.DaySeconds * v.Window;
        var perSecond = busyRequests / busySeconds;
        yield return Step(model["pv.busyRequests"],
            model.Text.Format("pv.busyRequests.sum", Figures.Number(v.PerDay), Figures.Number(v.RequestsPerPage), Percent(v.Share)),
            model.Text.Format("pv.requests", Figures.Number(busyRequests)));
        yield return Step(model["pv.busySeconds"], $"{Figures.Number(v.DaySeconds)} s × {Percent(v.Window)}", $"{Figures.Number(busySeconds)} s");
        yield return Step(model["pv.average"], $"{Figures.Number(busyRequests)} ÷ {Figures.Number(busySeconds)} s", PerSecond(Figures.Number(perSecond), model));
        if (!v.Event.Equals(1))
            yield return Step(model["pv.event"], $"{Figures.Number(perSecond)} × {Figures.Number(v.Event)}", PerSecond(Figures.Number(v.Qps), model));
        yield return Step(model["pv.target"], model.Text.Format("pv.roundUp", Figures.Number(v.Qps)), PerSecond(Figures.Number(v.TargetQps), model), "result");
        if (v is { PerMachineQps: { } each, Machines: { } machines })
            yield return Step(model["pv.machines"], model.Text.Format("pv.machines.sum", Figures.Number(v.Qps), Figures.Number(each), Figures.Number(v.Qps / each)), Figures.Count(machines), "result");
    }

    private static Html Step(string what, string sum, string result, string tone = "") =>
        Html.Of($"""<tr class="{tone}"><th scope="row">{what}</th><td>{sum}</td><td class="n">= <b>{result}</b></td></tr>""");

    private static string Percent(double share) => Figures.Number(share * 100) + " %";

    private static string PerSecond(string figure, ReportModel model) => model.Text.Format("perSecond", figure);
}
