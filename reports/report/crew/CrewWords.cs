using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What happens to workers in words, for pages beside the report.</summary>
public static class CrewWords
{
    /// <summary>An event of workers in a language; null when the event is none.</summary>
    public static string? Event(TimelineEvent what, ReportLanguage language) => CrewSentences.Of(what)?.In(language);

    /// <summary>What charts call an event of workers; null when it is none.</summary>
    public static string? Label(TimelineEvent what, ReportLanguage language) => CrewSentences.Label(what)?.In(language);

    /// <summary>What joins events of workers; null for others.</summary>
    public static string? Joins(TimelineEvent what) => CrewSentences.Joins(what);

    /// <summary>How an event of workers is to be taken: <c>bad</c>, <c>good</c>, <c>warn</c>, <c>note</c>; null for others.</summary>
    public static string? Tone(TimelineEvent what) => CrewSentences.Tone(what);
}
