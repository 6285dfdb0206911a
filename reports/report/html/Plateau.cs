using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A stage of steady rate that the target held.</summary>
/// <param name="Seconds">Whole measured seconds of the stage.</param>
/// <param name="Asked">Requests per second asked in them.</param>
/// <param name="Carried">Requests per second that ended well in them.</param>
/// <param name="P95">Their response time, milliseconds.</param>
internal sealed record Plateau(int Seconds, double Asked, double Carried, double P95)
{
    /// <summary>A rate that was there for less tells nothing.</summary>
    public const int LeastSeconds = 5;

    /// <summary>Share of the asked requests that must be sent, and of the ended ones that must be good.</summary>
    private const double HeldShare = 0.99;

    /// <summary>Whether the load changes over time, so that its mean says nothing.</summary>
    public static bool IsStaged(ReportModel model)
    {
        // Captured traffic is what it is: its rate changes from second to second.
        if (model.Load.IsReplay)
            return false;
        var stages = model.Load.Segments;
        return stages.Any(s => !s.FromRate.Equals(stages[0].FromRate) || !s.ToRate.Equals(stages[0].FromRate));
    }

    /// <summary>The held one that carried most; null when none was held.</summary>
    public static Plateau? HighestHeld(ReportModel model) => model.Load.Segments
        .Where(s => s.FromRate.Equals(s.ToRate))
        .Select(s => Of(s, model))
        .MaxBy(p => p?.Carried ?? 0);

    /// <summary>Requests that ended well in the best measured second.</summary>
    public static double BestSecond(ReportModel model) =>
        model.Seconds.Where(p => !p.WarmUp && p.Second < model.Measured.End.TotalSeconds).Select(p => p.Ok).DefaultIfEmpty().Max();

    private static Plateau? Of(RateSegment stage, ReportModel model)
    {
        var from = Math.Max(stage.From.TotalSeconds, model.Measured.Start.TotalSeconds);
        var to = Math.Min(stage.To.TotalSeconds, model.Measured.End.TotalSeconds);
        var whole = model.Run.Intervals.Where(i => i.Second >= from && i.Second + 1 <= to).ToList();
        var seconds = whole.Select(i => i.Second).Distinct().Count();
        if (seconds < LeastSeconds)
            return null;
        var total = new RequestInterval();
        foreach (var request in whole.SelectMany(i => i.Requests))
            total.Add(request);
        var held = total.Sent >= HeldShare * total.Asked && total.Ok >= HeldShare * (total.Ok + total.Failed) && total.Ok > 0;
        return held
            ? new Plateau(seconds, (double)total.Asked / seconds, (double)total.Ok / seconds, Durations.Milliseconds(total.ResponseTime.Percentile(95)))
            : null;
    }
}
