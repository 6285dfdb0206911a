namespace Pressure.Reports;

/// <summary>Under a constant load response times should not grow; where they do, something fills up.</summary>
internal static class SlowingDown
{
    private const int LeastSeconds = 15;
    private const double Ratio = 2;
    private const double Milliseconds = 5;

    public static Sentence? Find(ReportModel model)
    {
        var seconds = model.Seconds.Where(p => !p.WarmUp && p.P50 is not null && p.Second < model.Measured.End.TotalSeconds).ToList();
        if (seconds.Count < LeastSeconds || Plateau.IsStaged(model) || model.Summary.Search is not null)
            return null;
        var third = seconds.Count / 3;
        var (early, late) = (Typical(seconds.Take(third)), Typical(seconds.TakeLast(third)));
        return late > early * Ratio && late - early > Milliseconds
            ? new Sentence("finding.slowing", Figures.Duration(early), Figures.Duration(late))
            : null;
    }

    /// <summary>The middle one of the seconds' medians: a spike within the third does not move it.</summary>
    private static double Typical(IEnumerable<TimelinePoint> seconds)
    {
        var medians = seconds.Select(p => p.P50!.Value).Order().ToList();
        return medians[medians.Count / 2];
    }
}
