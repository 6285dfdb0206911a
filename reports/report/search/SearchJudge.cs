using Pressure.Record;

namespace Pressure.Reports;

/// <summary>From a capacity search to a verdict.</summary>
internal static class SearchJudge
{
    /// <summary>The judgement of a search that found no capacity; null when it found one.</summary>
    public static Judgement? WithoutResult(SearchSummary search) => search.Ending switch
    {
        SearchEnding.NeverHeld => new(Verdict.Failed, SearchSentences.Result(search)),
        SearchEnding.GeneratorSaturated or SearchEnding.Stopped or SearchEnding.Interrupted => new(Verdict.Invalid, SearchSentences.Result(search)),
        // A rate that holds with another that breaks is an answer, if a coarse one.
        SearchEnding.TimeRanOut when !search.Confirmed || search.Breaks is null => new(Verdict.Invalid, SearchSentences.Result(search)),
        _ => null,
    };

    /// <summary>The judgement of a search that found one: the plan's thresholds, if there are any, decide at the rate found.</summary>
    public static Judgement WithCriteria(SearchSummary search, Judgement? thresholds) =>
        new(thresholds?.Verdict ?? Verdict.Passed, [.. SearchSentences.Result(search), .. thresholds?.Reasons ?? []]);

    /// <summary>What a search that was cut short had seen.</summary>
    public static IEnumerable<Sentence> Seen(SearchSummary? search) => search?.Holds is null ? [] : SearchSentences.Result(search);
}
