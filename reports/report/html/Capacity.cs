namespace Pressure.Reports;

/// <summary>What the run means in page views: the arithmetic of <see cref="Record.PageViewManifest"/>, backwards.</summary>
internal static class Capacity
{
    /// <summary>Requests per second that ended well.</summary>
    public static double Carried(ReportModel model) => model.Measured.PerSecond(model.Total.Ok);

    public static string Sentence(ReportModel model)
    {
        if (!model.HasDurations)
            return model["capacity.nothing"];
        if (model.Total.Ok == 0)
            return model.Text.Format("capacity.none", Figures.Rate(model.Summary.Load.Asked));
        var carried = Carried(model);
        var rates = model.Text.Format("capacity.rates", Figures.Rate(carried), Figures.Rate(model.Summary.Load.Asked));
        var views = model.Text.Format(RuleKey(model), Views(model, carried), Rule(model));
        return model.Text.Format("capacity", rates, views, Figures.Duration(model.Summary.ResponseTime.P95));
    }

    /// <summary>PV = QPS x day x window / (share x requestsPerPage x event); without page views in the plan, the usual 80/20 day of one request a page.</summary>
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
