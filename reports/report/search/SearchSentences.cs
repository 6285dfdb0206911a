using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A capacity search in words.</summary>
internal static class SearchSentences
{
    /// <summary>What was found, and what broke first.</summary>
    public static IReadOnlyList<Sentence> Result(SearchSummary s)
    {
        var ending = s.Ending switch
        {
            SearchEnding.Found => new Sentence("search.found", Rate(s.Holds), Rate(s.Breaks)),
            SearchEnding.ReachedTo => new Sentence("search.reachedTo", Rate(s.Holds)),
            SearchEnding.NeverHeld => new Sentence("search.neverHeld", Rate(s.Breaks)),
            SearchEnding.GeneratorSaturated when s.Holds is null => new Sentence("search.generator", Rate(s.GeneratorLimit)),
            SearchEnding.GeneratorSaturated => new Sentence("search.generatorHeld", Rate(s.GeneratorLimit), Rate(s.Holds)),
            SearchEnding.TimeRanOut when s.Holds is null => new Sentence("search.timeNothing"),
            SearchEnding.TimeRanOut when s.Breaks is null => new Sentence("search.timeHeld", Rate(s.Holds)),
            SearchEnding.TimeRanOut when !s.Confirmed => new Sentence("search.timeUnconfirmed", Rate(s.Holds), Rate(s.Breaks)),
            SearchEnding.TimeRanOut => new Sentence("search.timeGap", Rate(s.Holds), Rate(s.Breaks)),
            _ when s.Holds is null => new Sentence("search.cutNothing"),
            _ => new Sentence("search.cutHeld", Rate(s.Holds)),
        };
        return s.BrokenBy is { } broken && s.Breaks is { } at ? [ending, new Sentence("search.there", Rate(at), Broken(broken))] : [ending];
    }

    /// <summary>How far the result can be relied on; null when there is none.</summary>
    public static Sentence? Confidence(SearchSummary s) => s.Confidence <= 0 ? null
        : new Sentence("search.confidence", new Sentence($"search.confidence.{Degree(s.Confidence)}"), Figures.Share(s.Confidence), s.Agreeing, s.Near);

    /// <summary>A criterion that did not hold, with what was measured.</summary>
    public static Sentence Broken(SearchCriterion c)
    {
        if (c.Metric == SearchCriterion.Throughput)
            return new Sentence("search.broken.throughput", Figures.Share(c.Actual ?? 0));
        var (what, bound, show) = CriterionText.Parts(new ThresholdManifest(c.Metric, c.Expression));
        return c.Actual is { } actual ? new Sentence("search.broken", what, show(actual), bound) : new Sentence("search.broken.nothing", what);
    }

    /// <summary>An event of a search; null when the event is none.</summary>
    public static Sentence? Of(TimelineEvent what) => what switch
    {
        TimelineEvent.SearchPlateauStarted e => new Sentence("event.searchPlateauStarted", new Sentence($"search.phase.{e.Phase}"), Rate(e.Rate)),
        TimelineEvent.SearchPlateauEnded { Plateau: { Outcome: PlateauOutcome.Broke, BrokenBy: { } broken } p } => new Sentence("event.searchBroke", Rate(p.Rate), Broken(broken)),
        TimelineEvent.SearchPlateauEnded { Plateau: { Outcome: PlateauOutcome.Held } p } => new Sentence("event.searchHeld", Rate(p.Rate)),
        TimelineEvent.SearchPlateauEnded { Plateau: var p } => new Sentence("event.searchBehind", Rate(p.Rate)),
        TimelineEvent.SearchEnded { Result.Holds: null } => new Sentence("event.searchEndedNothing"),
        TimelineEvent.SearchEnded { Result: { Breaks: { } breaks } r } => new Sentence("event.searchEnded", Rate(r.Holds), Rate(breaks)),
        TimelineEvent.SearchEnded e => new Sentence("event.searchEndedHeld", Rate(e.Result.Holds)),
        _ => null,
    };

    private static string Degree(double confidence) => confidence switch
    {
        >= 0.75 => "high",
        >= 0.5 => "fair",
        _ => "low",
    };

    private static string Rate(double? rate) => Figures.Rate(rate ?? 0);
}
