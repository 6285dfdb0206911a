using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A capacity search in <c>summary.json</c>: what was asked, what was found, every plateau. Rates per second, times in milliseconds, shares 0 to 1.</summary>
public sealed record SearchSummary
{
    /// <summary>Why it ended; <c>interrupted</c> when the run broke off.</summary>
    public required SearchEnding Ending { get; init; }

    /// <summary>Highest rate that held.</summary>
    public double? Holds { get; init; }

    /// <summary>Whether it held again when it was confirmed.</summary>
    public bool Confirmed { get; init; }

    /// <summary>Lowest rate that broke.</summary>
    public double? Breaks { get; init; }

    /// <summary>The first criterion that did not hold there.</summary>
    public SearchCriterion? BrokenBy { get; init; }

    /// <summary>Offered rate beyond which response time grows faster than throughput.</summary>
    public double? Knee { get; init; }

    /// <summary>Rate at which the load generator could not keep up.</summary>
    public double? GeneratorLimit { get; init; }

    /// <summary>How far the result can be relied on: (agreeing + 1) / (near + 2), times resolution / gap where the gap is wider.</summary>
    public double Confidence { get; init; }

    /// <summary>Plateaus near the result.</summary>
    public int Near { get; init; }

    /// <summary>Those of them that agree with it.</summary>
    public int Agreeing { get; init; }

    /// <summary>What was asked.</summary>
    public required SearchManifest Asked { get; init; }

    /// <summary>The plateaus in order of time.</summary>
    public required IReadOnlyList<SearchPlateau> Plateaus { get; init; }

    /// <summary>The search of a run; null when it was none.</summary>
    internal static SearchSummary? Of(RunRecord run)
    {
        if (run.Manifest.Load.Search is not { } asked)
            return null;
        var judged = run.Events.OfType<TimelineEvent.SearchPlateauEnded>().ToList();
        var last = judged.LastOrDefault();
        // Without an end of its own, it is what its last plateau said.
        var result = ResultOf(run) ?? new SearchResult { Ending = SearchEnding.Interrupted, Holds = last?.Holds, Breaks = last?.Breaks, Confidence = 0, Near = 0, Agreeing = 0 };
        return new SearchSummary
        {
            Ending = result.Ending,
            Holds = result.Holds,
            Confirmed = result.Confirmed,
            Breaks = result.Breaks,
            BrokenBy = result.BrokenBy,
            Knee = result.Knee,
            GeneratorLimit = result.GeneratorLimit,
            Confidence = result.Confidence,
            Near = result.Near,
            Agreeing = result.Agreeing,
            Asked = asked,
            Plateaus = [.. judged.Select(e => e.Plateau)],
        };
    }

    /// <summary>Seconds of the plateaus that held at the rate found; null when the run is no search or found none.</summary>
    internal static HashSet<int>? SecondsFound(RunRecord run)
    {
        if (ResultOf(run)?.Holds is not { } holds)
            return null;
        var held = run.Events.OfType<TimelineEvent.SearchPlateauEnded>().Select(e => e.Plateau)
            .Where(p => p.Rate.Equals(holds) && p.Outcome == PlateauOutcome.Held);
        return [.. held.SelectMany(p => Enumerable.Range(p.FromSecond, p.Seconds))];
    }

    private static SearchResult? ResultOf(RunRecord run) => run.Events.OfType<TimelineEvent.SearchEnded>().FirstOrDefault()?.Result;
}
