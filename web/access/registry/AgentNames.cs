using System.Text;

namespace Pressure.Web.Access;

/// <summary>Names and labels that come from outside, made fit for plans, paths and pages.</summary>
internal static class AgentNames
{
    public const int MostLabels = 32;
    public const int LongestLabel = 200;
    private const int Longest = 63;

    /// <summary>A name of letters, digits, dots, dashes and underscores like the one asked for; null if nothing of it can be kept.</summary>
    public static string? Fit(string? asked)
    {
        if (asked is null)
            return null;
        var name = new StringBuilder();
        foreach (var c in asked.Trim().Take(Longest))
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-');
        var fit = name.ToString().Trim('-', '.');
        return fit.Length > 0 ? fit : null;
    }

    /// <summary>The name, or with the first number behind it that makes it a new one.</summary>
    public static string Unique(string name, Predicate<string> taken)
    {
        if (!taken(name))
            return name;
        for (var n = 2; ; n++)
        {
            if (!taken($"{name}-{n}"))
                return $"{name}-{n}";
        }
    }

    /// <summary>What is wrong with labels; null if nothing is.</summary>
    public static string? ProblemOf(IReadOnlyDictionary<string, string>? labels)
    {
        if (labels is null)
            return null;
        if (labels.Count > MostLabels)
            return $"An agent has at most {MostLabels} labels, not {labels.Count}.";
        foreach (var (key, value) in labels)
        {
            if (key.Length is 0 or > 63 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/'))
                return "A label's key has 1 to 63 letters, digits, dots, dashes, underscores or slashes.";
            if (value is null || value.Length > LongestLabel || value.Any(char.IsControl))
                return $"The label {key} has a value of at most {LongestLabel} characters, none of them a control character.";
        }
        return null;
    }
}
