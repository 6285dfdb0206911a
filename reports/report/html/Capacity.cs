namespace Pressure.Reports;

/// <summary>What the target carried, in requests per second and in page views a day.</summary>
internal static class Capacity
{
    /// <summary>The carried rate beside what was asked: of the highest plateau that was held, of the best second, or of the whole measured time.</summary>
    public static (double Carried, double Asked) Rates(ReportModel model) => Plateau.IsStaged(model)
        ? Plateau.HighestHeld(model) is { } held ? (held.Carried, held.Asked) : (Plateau.BestSecond(model), LoadText.Peak(model))
        : (model.Measured.PerSecond(model.Total.Ok), model.Summary.Load.Asked);

    public static string Sentence(ReportModel model)
    {
        if (!model.HasDurations)
            return model["capacity.nothing"];
        if (model.Total.Ok == 0)
            return IsClosed(model) ? model.Text.Format("capacity.noneUsers", LoadText.Short(model)) : model.Text.Format("capacity.none", Figures.Rate(model.Summary.Load.Asked));
        var (carried, asked) = Rates(model);
        if (model.Summary.Search is { } search)
            return search.Holds is null ? model["capacity.searchNone"] : Said(model, "capacity.search", search.Holds.Value, model[$"capacity.search.{(search.Confirmed ? "confirmed" : "unconfirmed")}"], model.Summary.ResponseTime.P95);
        if (model.Manifest.Load.IsReplay)
            return model.Text.Format("capacity.replay", Figures.Rate(carried), Figures.Duration(model.Summary.ResponseTime.P95));
        if (IsClosed(model))
            return Said(model, "capacity.users", carried, LoadText.Short(model), model.Summary.ResponseTime.P95);
        if (!Plateau.IsStaged(model))
            return Said(model, "capacity.rates", carried, Figures.Rate(asked), model.Summary.ResponseTime.P95);
        return Plateau.HighestHeld(model) is { } held
            ? Said(model, "capacity.held", carried, Figures.Span(TimeSpan.FromSeconds(held.Seconds)), held.P95)
            : model.Text.Format("capacity.reached", Figures.Rate(carried), Figures.Rate(asked), Plateau.LeastSeconds);
    }

    /// <summary>Whether users made the load, so that no rate was asked.</summary>
    public static bool IsClosed(ReportModel model) => model.Manifest.Load.Users.Count > 0;

    private static string Said(ReportModel model, string key, double carried, string beside, double p95)
    {
        var views = model.Text.Format(RuleKey(model), Views(model, carried), Rule(model));
        return model.Text.Format("capacity", model.Text.Format(key, Figures.Rate(carried), beside), views, Figures.Duration(p95));
    }

    /// <summary>PV = QPS x day x window / (share x requestsPerPage x event): the arithmetic of <see cref="Record.PageViewManifest"/> backwards; without page views in the plan, the usual 80/20 day of one request a page.</summary>
    private static double PageViewsPerDay(ReportModel model, double perSecond) => model.Manifest.Load.PageViews is { } v
        ? perSecond * v.DaySeconds * v.Window / (v.Share * v.RequestsPerPage * v.Event)
        : perSecond * 86_400 * 0.2 / 0.8;

    /// <summary>In Chinese the unit is part of the number and stays with it.</summary>
    private static string Views(ReportModel model, double perSecond)
    {
        var views = Figures.Large(PageViewsPerDay(model, perSecond), model.Language);
        return model.Language == ReportLanguage.Zh ? Figures.Unbroken(views) : views;
    }

    private static string RuleKey(ReportModel model) => model.Manifest.Load.PageViews is null or { RequestsPerPage: 1, Event: 1 } ? "capacity.views" : "capacity.viewsOwn";

    private static string Rule(ReportModel model) =>
        model.Manifest.Load.PageViews is { } v ? $"{Figures.Number(v.Share * 100)}/{Figures.Number(v.Window * 100)}" : "80/20";
}
