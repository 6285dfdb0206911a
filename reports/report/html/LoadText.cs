using Pressure.Record;

namespace Pressure.Reports;

/// <summary>The load as asked, in a few words.</summary>
internal static class LoadText
{
    public static string Short(ReportModel model) => model.Run.Events.Any(e => e is TimelineEvent.LoadSteered)
        ? model.Text.Format("load.steered", Planned(model))
        : Planned(model);

    private static string Planned(ReportModel model)
    {
        var load = model.Manifest.Load;
        if (model.Summary.Replay is { } replay)
            return ReplaySentences.Load(replay).In(model.Language);
        // Whoever replayed it has not told more.
        if (load.IsReplay)
            return load.Total > 0 ? model.Text.Format("load.replay", Figures.Count(load.Total)) : model["load.replayOpen"];
        if (load.PageViews is { } views)
            return model.Text.Format("load.pv", Figures.Large(views.PerDay, model.Language), Figures.Rate(views.TargetQps));
        if (load.Users.Count > 0)
            return Users(model);
        if (load.Search is { } search)
            return search.To is { } to ? model.Text.Format("load.searchTo", Figures.Rate(search.From), Figures.Rate(to)) : model.Text.Format("load.search", Figures.Rate(search.From));
        var peak = Peak(load);
        return load.Segments.All(s => s.FromRate.Equals(peak) && s.ToRate.Equals(peak))
            ? model.Text.Format("load.rate", Figures.Rate(peak))
            : model.Text.Format("load.stages", load.Segments.Count, Figures.Rate(peak));
    }

    private static string Users(ReportModel model)
    {
        var users = model.Manifest.Load.Users;
        var most = users.Max(s => Math.Max(s.FromUsers, s.ToUsers));
        return users.All(s => s.FromUsers == most && s.ToUsers == most)
            ? model.Text.Format("load.users", Figures.Count(most))
            : model.Text.Format("load.userStages", users.Count, Figures.Count(most));
    }

    /// <summary>The highest rate asked.</summary>
    public static double Peak(ReportModel model) => Peak(model.Load);

    private static double Peak(LoadManifest load) => load.Segments.Select(s => Math.Max(s.FromRate, s.ToRate)).DefaultIfEmpty().Max();
}
