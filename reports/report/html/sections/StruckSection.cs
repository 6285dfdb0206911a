namespace Pressure.Reports;

/// <summary>At one glance, on the first page: what was struck when, how the target took each, and whether anything is left.</summary>
internal static class StruckSection
{
    private const int MostStrikes = 4;

    public static Html Render(ReportModel model) => model.Summary.Chaos is not { } chaos || chaos.Recovery.Count + chaos.Refused.Count + chaos.NotApplied.Count == 0 ? Html.Empty : Html.Of($"""
        <ul class="struck">
        {Html.Each(chaos.Recovery.Take(MostStrikes), r => Strike(r, model))}
        <li>{More(chaos, model)}{NotDone(chaos, model)}{Undone(chaos, model)}</li>
        </ul>
        """);

    private static Html Strike(RecoveryFigures r, ReportModel model) => Html.Of($"""
        <li><time>{ReportModel.Clock(r.StruckAt)}</time> <b>{r.Title}</b> {Took(r, model)}{Lost(r, model)}</li>
        """);

    private static Html Took(RecoveryFigures r, ReportModel model) => r switch
    {
        { FailingAt: null } => Chip("ok", "✓ " + model["struck.unshaken"]),
        { ToRecover: { } took } => Chip("ok", "✓ " + model.Text.Format("struck.recovered", Figures.Unbroken(ChaosSection.Time(took, r.Accuracy, "", model)))),
        _ => Chip("bad", "✗ " + model["struck.notRecovered"]),
    };

    private static Html Lost(RecoveryFigures r, ReportModel model) => r.Lost is not > 0 ? Html.Empty : Chip("bad", model.Text.Format(r.Lost == 1 ? "struck.lostOne" : "struck.lost", Figures.Count(r.Lost.Value)));

    private static Html More(ChaosSummary chaos, ReportModel model) => chaos.Recovery.Count <= MostStrikes ? Html.Empty : Html.Of($"{model.Text.Format("struck.more", Figures.Count(chaos.Recovery.Count - MostStrikes))} ");

    private static Html NotDone(ChaosSummary chaos, ReportModel model) => Html.Of($"{Counted("struck.refused", chaos.Refused.Count, model)}{Counted("struck.notApplied", chaos.NotApplied.Count, model)}");

    private static Html Counted(string key, int count, ReportModel model) => count == 0 ? Html.Empty : Chip("warn", model.Text.Format(key, Figures.Count(count)));

    private static Html Undone(ChaosSummary chaos, ReportModel model) => chaos.Left.Count > 0 ? Chip("bad", "✗ " + model.Text.Format("struck.left", Figures.Count(chaos.Left.Count)))
        : chaos.Faults.Count == 0 || chaos.Faults.Any(f => f.OffAt is null) ? Html.Empty
        : Chip("ok", "✓ " + model["struck.nothingLeft"]);

    private static Html Chip(string tone, string text) => Html.Of($"""<span class="chip {tone}">{text}</span> """);
}
