using System.Text.RegularExpressions;

namespace Pressure.Chaos;

/// <summary>Regular expressions as Chaos Toolkit's files have them, which are Python's: its named groups are written differently.</summary>
internal static partial class PatternText
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>The expression; null if it is none.</summary>
    public static Regex? Parse(string pattern)
    {
        try
        {
            return new(NamedReference().Replace(NamedGroup().Replace(pattern, "(?<"), @"\k<$1>"), RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\(\?P<")]
    private static partial Regex NamedGroup();

    [GeneratedRegex(@"\(\?P=(\w+)\)")]
    private static partial Regex NamedReference();
}
