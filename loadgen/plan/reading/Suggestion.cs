namespace Pressure.LoadGen;

/// <summary>What a misspelt key was probably meant to be.</summary>
internal static class Suggestion
{
    private const int LongestKey = 40;

    /// <summary>The nearest known key, if it is near enough; the earlier one when two are as near.</summary>
    public static string? For(string key, IEnumerable<string> known)
    {
        if (key.Length > LongestKey)
            return null;
        var nearest = known.Select(k => (Key: k, Distance: Distance(key.ToUpperInvariant(), k.ToUpperInvariant()))).MinBy(k => k.Distance);
        return nearest.Distance <= Math.Max(1, nearest.Key.Length / 3) ? nearest.Key : null;
    }

    /// <summary>Single-letter changes from one word to the other (Levenshtein), two swapped neighbours counting as one.</summary>
    internal static int Distance(string from, string to)
    {
        var steps = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i, j] = i + j;
                    continue;
                }
                var replace = steps[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                steps[i, j] = Math.Min(replace, Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
            }
        }
        return steps[from.Length, to.Length];
    }
}
