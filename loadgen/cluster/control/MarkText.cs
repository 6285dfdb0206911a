using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Marks as people write them.</summary>
public static class MarkText
{
    private const int LongestNote = 500;

    /// <summary>Why a mark can't be set, an English sentence; null when it can.</summary>
    public static string? WhyNot(string? mark, string? note) =>
        mark is null || !TimelineEvent.Marked.Words.Contains(mark) ? $"'{mark}' is no mark."
        : note is { Length: > LongestNote } ? $"The note is longer than {LongestNote} characters."
        : note?.Any(char.IsControl) == true ? "The note contains a control character."
        : null;
}
