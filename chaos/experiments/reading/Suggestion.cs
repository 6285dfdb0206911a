namespace Pressure.Chaos;

/// <summary>What a misspelt word was probably meant to be.</summary>
internal static class Suggestion
{
    private const int LongestWord = 40;

    /// <summary>The nearest known word, if it is near enough; the earlier one when two are as near.</summary>
    public static string? For(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestWord || !known.Any())
            return null;
        var nearest = known.Select(k => (Word: k, Distance: Distance(word.ToUpperInvariant(), k.ToUpperInvariant()))).MinBy(k => k.Distance);
        return nearest.Distance <= Math.Max(1, nearest.Word.Length / 3) ? nearest.Word : null;
    }

    /// <summary>What to do about an unknown word: the nearest one, or all that there are.</summary>
    public static string Remedy(string word, IReadOnlyList<string> known) =>
        For(word, known) is { } meant ? $"Did you mean '{meant}'?" : known.Count == 0 ? "There is none to choose from." : $"Known here: {string.Join(", ", known)}.";

    // Single-letter changes from one word to the other; one row of the table is kept.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.Length];
    }
}
