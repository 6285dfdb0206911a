using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What chaos tells in words, for pages beside the report.</summary>
public static class ChaosWords
{
    /// <summary>An event of chaos in a language; null when the event is none.</summary>
    public static string? Event(TimelineEvent what, ReportLanguage language) => ChaosSentences.Of(what)?.In(language);

    /// <summary>What charts call an event of chaos; null when it is none.</summary>
    public static string? Label(TimelineEvent what, ReportLanguage language) => ChaosSentences.Label(what)?.In(language);

    /// <summary>What joins events of chaos, such as on and off of a fault; null for others.</summary>
    public static string? Joins(TimelineEvent what) => ChaosSentences.Joins(what);

    /// <summary>How an event of chaos is to be taken: <c>bad</c>, <c>good</c>, <c>warn</c>, <c>note</c>; null for others.</summary>
    public static string? Tone(TimelineEvent what) => ChaosSentences.Tone(what);

    /// <summary>A kind of fault.</summary>
    public static string Fault(string kind, ReportLanguage language) => ChaosSentences.Fault(kind).In(language);
}
