using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A capacity search in words, for pages beside the report.</summary>
public static class SearchWords
{
    /// <summary>An event of a search in a language; null when the event is none.</summary>
    public static string? Event(TimelineEvent what, ReportLanguage language) => SearchSentences.Of(what)?.In(language);

    /// <summary>What a search found.</summary>
    public static string Result(SearchSummary search, ReportLanguage language) =>
        string.Join(language == ReportLanguage.Zh ? "" : " ", SearchSentences.Result(search).Select(s => s.In(language)));
}
