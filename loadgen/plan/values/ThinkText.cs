namespace Pressure.LoadGen;

/// <summary>Pauses: <c>200ms</c>, or a range <c>200ms..500ms</c>.</summary>
internal static class ThinkText
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static Complaint? Parse(string text, out Step.Think value)
    {
        value = new(default, default);
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var (first, second) = dots < 0 ? (text, text) : (text[..dots], text[(dots + 2)..]);
        var complaint = DurationText.Parse(first, out var min);
        complaint = DurationText.Parse(second, out var max) ?? complaint;
        if (complaint is not null)
            return complaint with { Remedy = "Write a pause such as 200ms, or a range such as 200ms..500ms." };
        value = new(min, max);
        if (min > max)
            return new($"'{Shown.Of(text)}' ends before it begins", "Write the shorter time first.");
        return max > Longest ? new($"'{Shown.Of(text)}' is longer than an hour", "Write a shorter pause.") : null;
    }
}
