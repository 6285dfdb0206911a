namespace Pressure.Reports;

/// <summary>How the target took what was struck, in the figures of the first page.</summary>
internal static class ChaosTiles
{
    /// <summary>The score, beside the figures of the load.</summary>
    public static Html OfLoad(ChaosSummary chaos, ReportModel model) =>
        VerdictSection.Tile(model["tile.score"], Score(chaos), "/ 100", Took(chaos, model), chaos.Recovery.Any(r => !r.Withstood) ? "bad" : "");

    /// <summary>All that a drill has.</summary>
    public static IEnumerable<Html> OfDrill(ReportModel model)
    {
        if (model.Summary.Chaos is not { } chaos)
            yield break;
        yield return VerdictSection.Tile(model["tile.score"], Score(chaos), "", model["tile.of"]);
        yield return Slowest(model["tile.detected"], chaos, r => r.ToDetect, model);
        yield return Slowest(model["tile.recovered"], chaos, r => r.ToRecover, model, bad: chaos.Recovery.Any(r => !r.Withstood));
        yield return VerdictSection.Tile(model["tile.faults"], Figures.Count(chaos.Faults.Count), "", model.Text.Format("tile.undone", Figures.Count(chaos.Faults.Count(f => chaos.Left.All(l => l.Handle != f.Handle)))), chaos.Left.Count > 0 ? "bad" : "");
    }

    private static string Score(ChaosSummary chaos) => chaos.Score is { } score ? Figures.Count(score.Value) : "–";

    private static string Took(ChaosSummary chaos, ReportModel model) =>
        chaos.Recovery.Any(r => !r.Withstood) ? model["tile.notRecovered"]
        : chaos.Recovery.Max(r => r.ToRecover) is { } took ? model.Text.Format("tile.recoveredAfter", Figures.Unbroken(ChaosSection.Span(took)))
        : model["tile.unshaken"];

    private static Html Slowest(string label, ChaosSummary chaos, Func<RecoveryFigures, double?> time, ReportModel model, bool bad = false)
    {
        var note = chaos.Recovery.Count > 1 ? model.Text.Format("tile.slowest", chaos.Recovery.Count) : "";
        return chaos.Recovery.MaxBy(time) is not { } slowest || time(slowest) is not { } took || bad
            ? VerdictSection.Tile(label, "–", "", bad ? model["tile.notRecovered"] : model["tile.unshaken"], bad ? "bad" : "")
            : VerdictSection.Tile(label, ChaosSection.Time(took, slowest.Accuracy, "", model), "", note);
    }
}
