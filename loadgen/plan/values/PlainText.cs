namespace Pressure.LoadGen;

/// <summary>Texts, words, switches and whole numbers.</summary>
internal static class PlainText
{
    private const int LongestName = 100;

    public static Complaint? Any(string text, out string value)
    {
        value = text;
        return null;
    }

    /// <summary>1 to 100 characters on one line.</summary>
    public static Complaint? Name(string text, out string value)
    {
        value = text.Trim();
        if (value.Length is 0 or > LongestName)
            return new(value.Length == 0 ? "is empty" : $"is longer than {LongestName} characters", $"Write 1 to {LongestName} characters.");
        return value.Any(char.IsControl) ? new("contains a control character", "Keep it on one line.") : null;
    }

    public static Complaint? Switch(string text, out bool value)
    {
        value = text is "true";
        return text is "true" or "false" ? null : new($"'{Shown.Of(text)}' is neither true nor false", "Write true or false.");
    }

    public static ValueReader<T> OneOf<T>(params (string Word, T Value)[] words) => (string text, out T value) =>
    {
        var found = words.FirstOrDefault(w => w.Word == text);
        value = found.Value;
        return found.Word is null
            ? new($"'{Shown.Of(text)}' is not one of them", $"Write {string.Join(" or ", words.Select(w => w.Word))}.")
            : null;
    };

    public static ValueReader<int> WholeNumber(int least, int most) => (string text, out int value) =>
        int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, null, out value) && value >= least && value <= most
            ? null
            : new($"'{Shown.Of(text)}' is not a whole number from {least} to {most}", "Write such a number.");

    public static ValueReader<decimal> Number(decimal above, decimal most) => (string text, out decimal value) =>
        NumberText.TryParse(text, out value) && value > above && value <= most
            ? null
            : new($"'{Shown.Of(text)}' is not a number above {above} and up to {most:#,0}", "Write such a number, such as 1 or 2.5.");

    public static ValueReader<TimeSpan> Duration(TimeSpan least, TimeSpan most) => (string text, out TimeSpan value) =>
        DurationText.Parse(text, out value)
        ?? (value < least || value > most ? new($"{Shown.Of(text)} is not from {In(least)} to {In(most)}", "Write a time within these bounds.") : null);

    private static string In(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => $"{time.TotalMilliseconds}ms",
        { TotalMinutes: < 2 } => $"{time.TotalSeconds}s",
        { TotalHours: < 2 } => $"{time.TotalMinutes}m",
        { TotalDays: < 2 } => $"{time.TotalHours}h",
        _ => $"{time.TotalDays}d",
    };
}
