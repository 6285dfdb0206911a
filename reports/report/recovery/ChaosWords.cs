using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What chaos tells in words, for pages beside the report.</summary>
public static class ChaosWords
{
    /// <summary>An event of chaos in a language; null when the event is none.</summary>
    public static string? Event(TimelineEvent what, ReportLanguage language) => ChaosSentences.Of(what)?.In(language);

    /// <summary>A kind of fault.</summary>
    public static string Fault(string kind, ReportLanguage language) => ChaosSentences.Fault(kind).In(language);
}
