namespace Pressure.Reports;

/// <summary>Finds what a misspelt word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the fewest edits (insert, delete, replace) from the word.</summary>
    public static string Nearest(string word, IEnumerable<string> candidates) => candidates.MinBy(c => Edits(word, c))!;

    private static int Edits(string from, string to)
    {
        var above = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replace = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[^1];
    }
}
