using Pressure.Cluster;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>How a worker stands, in words.</summary>
internal static class WorkerText
{
    /// <summary>One line of everything.</summary>
    public static string Line(WorkerStatus status)
    {
        var doing = status.Shares.Count == 0 ? "waiting for work" : string.Join(", ", status.Shares.GroupBy(s => s.Run).Select(OfRun));
        var undelivered = status.Shares.Sum(s => s.Undelivered);
        var cutOff = status.CutOff is { } since ? $"cut off from the broker for {Seconds(since)}{(undelivered > 0 ? $", {Figures.Count(undelivered)} s of results wait" : "")}; " : "";
        return $"{status.Name}: {(status.IsLeaving ? "leaving; " : "")}{cutOff}{doing}";
    }

    /// <summary>What must have changed for a new line in a log: not the rates, which always do.</summary>
    public static string Key(WorkerStatus status) =>
        $"{status.CutOff is null} {status.IsLeaving} {string.Join(' ', status.Shares.Select(s => $"{s.Run} {s.Share} {s.Epoch} {s.Phase}"))}";

    private static string OfRun(IGrouping<string, ShareStatus> run) => string.Join(", ", run.GroupBy(s => s.Phase).Select(p => $"{Phase(p.Key)} run {run.Key} {Shares([.. p])}"));

    private static string Phase(SharePhase phase) => phase switch
    {
        SharePhase.Preparing => "preparing",
        SharePhase.Ready => "ready for",
        SharePhase.Pressing => "pressing",
        SharePhase.Delivering => "delivering",
        _ => "done with",
    };

    private static string Shares(IReadOnlyList<ShareStatus> shares)
    {
        var numbers = $"share{(shares.Count == 1 ? "" : "s")} {string.Join(", ", shares.Select(s => s.Share + 1))}";
        return shares[0].Phase switch
        {
            SharePhase.Pressing => $"{numbers} at {Figures.Rate(shares.Sum(s => s.Rate))}",
            SharePhase.Delivering => $"{numbers}, {Figures.Count(shares.Sum(s => s.Undelivered))} s of results left",
            _ => numbers,
        };
    }

    private static string Seconds(TimeSpan time) => time < TimeSpan.FromMinutes(2) ? $"{(int)time.TotalSeconds} s" : Figures.Span(time);
}
