using System.Text;
using System.Text.Unicode;

namespace Pressure.TrafficCopy;

/// <summary>Compares texts: where they first differ, and how long they are.</summary>
internal static class TextComparison
{
    public static void Compare(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, ComparisonRules rules, AnswerDifferences found)
    {
        if (expected.SequenceEqual(actual))
            return;
        // Latin-1 keeps apart whatever differs; broken UTF-8 would not.
        var encoding = Utf8.IsValid(expected) && Utf8.IsValid(actual) ? Encoding.UTF8 : Encoding.Latin1;
        var (that, @this) = (Without(encoding.GetString(expected), rules), Without(encoding.GetString(actual), rules));
        if (that == @this || found.PassesOver(that))
            return;
        var at = that.AsSpan().CommonPrefixLength(@this);
        var isTorn = at == Math.Min(that.Length, @this.Length);
        found.Add("body", isTorn ? DifferenceKind.Length : DifferenceKind.Changed, Excerpt.Around(that, at), Excerpt.Around(@this, at));
    }

    private static string Without(string text, ComparisonRules rules)
    {
        try
        {
            foreach (var pattern in rules.Patterns)
                text = pattern.Replace(text, "");
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            // A text that takes too long is compared as far as patterns got.
        }
        return text;
    }
}
