using System.Text.RegularExpressions;

namespace Pressure.Chaos;

/// <summary>Names that are safe in a path, an address and a list: lower-case letters, digits and hyphens, 64 at the most.</summary>
public static partial class PlainName
{
    /// <summary>What to write instead of one that is none.</summary>
    public const string Rule = "Write lower-case letters, digits and hyphens, beginning with a letter or digit, 64 at the most: kill-one-item";

    /// <summary>Whether it is one.</summary>
    public static bool Is(string? name) => name is { Length: > 0 and <= 64 } && Shape().IsMatch(name);

    /// <summary>The nearest one to a title; <paramref name="otherwise"/> when nothing of it is left.</summary>
    public static string Of(string title, string otherwise)
    {
        var name = Other().Replace(title.ToLowerInvariant(), "-").Trim('-');
        return name.Length == 0 ? otherwise : name[..Math.Min(name.Length, 48)].TrimEnd('-');
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]*\z")]
    private static partial Regex Shape();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();
}
