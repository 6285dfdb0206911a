namespace Pressure.Web.Forms;

/// <summary>Areas in which each line is a name and a value.</summary>
internal static class Lines
{
    /// <summary>The pairs of a text; blank lines are passed over. A line without the separator is a name without a value.</summary>
    public static IEnumerable<(string Name, string Value)> Pairs(string text, char separator)
    {
        foreach (var line in Split(text))
        {
            var at = line.IndexOf(separator);
            yield return at < 0 ? (line, "") : (line[..at].Trim(), line[(at + 1)..].Trim());
        }
    }

    /// <summary>The first line that is no pair, if any.</summary>
    public static string? FirstWithout(string text, char separator) => Split(text).FirstOrDefault(line => line.IndexOf(separator) <= 0);

    private static string[] Split(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
