using System.Globalization;

namespace Pressure.Record;

/// <summary>What a capacity search tells, in English.</summary>
internal static class SearchText
{
    public static string Begin(TimelineEvent.SearchPlateauStarted e) => $"{Phase(e.Phase)}: {Rate(e.Rate)}";

    public static string End(TimelineEvent.SearchPlateauEnded e)
    {
        var what = e.Plateau.Outcome switch
        {
            PlateauOutcome.Held => "holds",
            PlateauOutcome.Broke when e.Plateau.BrokenBy is { } broken => $"breaks: {Criterion(broken)}",
            PlateauOutcome.Broke => "breaks",
            _ => "tells nothing: the load generator could not keep up",
        };
        return $"{Rate(e.Plateau.Rate)} {what}; so far holds {Rate(e.Holds)}, breaks {Rate(e.Breaks)}";
    }

    public static string Result(SearchResult r) => r.Ending switch
    {
        SearchEnding.NeverHeld => $"Search over: not even {Rate(r.Breaks)} holds{By(r)}",
        SearchEnding.ReachedTo => $"Search over: the highest rate to try, {Rate(r.Holds)}, holds",
        SearchEnding.GeneratorSaturated => $"Search over: the load generator is at its limit at {Rate(r.GeneratorLimit)}; {Held(r)}",
        SearchEnding.TimeRanOut => $"Search over, for the time is: {Held(r)}{Breaks(r)}",
        SearchEnding.Stopped => $"Search stopped: {Held(r)}{Breaks(r)}",
        _ => $"Search over: {Held(r)}{Breaks(r)}",
    };

    private static string Phase(SearchPhase phase) => phase switch
    {
        SearchPhase.StepDown => "Step down",
        _ => phase.ToString(),
    };

    private static string Held(SearchResult r) => r.Holds is null ? "nothing was seen to hold" : $"{Rate(r.Holds)} holds{(r.Confirmed ? "" : " (not confirmed)")}";

    private static string Breaks(SearchResult r) => r.Breaks is null ? "" : $", {Rate(r.Breaks)} breaks{By(r)}";

    private static string By(SearchResult r) => r.BrokenBy is { } broken ? $" by {Criterion(broken)}" : "";

    private static string Criterion(SearchCriterion c) =>
        c.Actual is { } actual ? $"{c.Metric} {c.Expression}, was {actual.ToString("0.####", CultureInfo.InvariantCulture)}" : $"{c.Metric} {c.Expression}, nothing measured";

    private static string Rate(double? rate) => rate is { } value ? value.ToString("#,0.##", CultureInfo.InvariantCulture) + "/s" : "-";
}
