namespace Pressure.Reports;

/// <summary>The load as asked, in a few words.</summary>
internal static class LoadText
{
    public static string Short(ReportModel model)
    {
        var load = model.Manifest.Load;
        if (load.PageViews is { } views)
            return model.Text.Format("load.pv", Figures.Large(views.PerDay, model.Language), Figures.Rate(views.TargetQps));
        var peak = Peak(model);
        return load.Segments.All(s => s.FromRate.Equals(peak) && s.ToRate.Equals(peak))
            ? model.Text.Format("load.rate", Figures.Rate(peak))
            : model.Text.Format("load.stages", load.Segments.Count, Figures.Rate(peak));
    }

    /// <summary>The highest rate asked.</summary>
    public static double Peak(ReportModel model) => model.Manifest.Load.Segments.Select(s => Math.Max(s.FromRate, s.ToRate)).DefaultIfEmpty().Max();
}
