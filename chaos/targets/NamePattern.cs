namespace Pressure.Chaos;

/// <summary>Names with <c>*</c> for any number of characters; upper and lower case differ.</summary>
public static class NamePattern
{
    /// <summary>Whether it stands for one name only.</summary>
    public static bool IsExact(string pattern) => !pattern.Contains('*', StringComparison.Ordinal);

    /// <summary>Whether a text is meant.</summary>
    public static bool Matches(string pattern, string text)
    {
        int at = 0, position = 0, star = -1, taken = 0;
        while (position < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, taken) = (at++, position);
            }
            else if (at < pattern.Length && pattern[at] == text[position])
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more; earlier ones need not be tried again.
                at = star + 1;
                position = ++taken;
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(at).Trim('*').IsEmpty;
    }

    /// <summary>Whether a text is meant by any of them.</summary>
    public static bool MatchesAny(IEnumerable<string> patterns, string text) => patterns.Any(p => Matches(p, text));
}
