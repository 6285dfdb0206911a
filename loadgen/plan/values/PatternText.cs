using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>Regular expressions that run in linear time.</summary>
internal static class PatternText
{
    private const int Longest = 1_000;

    public static Complaint? Parse(string text, out Regex? value)
    {
        value = null;
        if (text.Length is 0 or > Longest)
            return new($"has {text.Length:N0} characters", $"Write a regular expression of 1 to {Longest:N0} characters.");
        try
        {
            // Non-backtracking: no pattern may make the generator slow on some body.
            value = new(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (ArgumentException e)
        {
            return new($"is not a regular expression: {e.Message.TrimEnd('.')}", "Mend the pattern, or use body: for a fixed text.");
        }
        catch (NotSupportedException)
        {
            return new("is too large, or uses look-around, back-references or atomic groups", "Write it without them.");
        }
    }
}
