using System.Text.RegularExpressions;

namespace Pressure.LoadGen.Importing;

/// <summary>Reads lines <c>URL</c>, <c>METHOD URL</c>, each with a weight behind it if wanted; <c>#</c> and <c>//</c> begin comments.</summary>
internal static partial class UrlListReader
{
    private const decimal MostWeight = 1_000_000_000;

    public static bool LooksLikeLine(string line) => Line().IsMatch(line);

    public static Found Read(string text, ImportScope scope)
    {
        var requests = new List<FoundRequest>();
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = WithoutComment(raw.Trim().ToString());
            if (line.Length == 0)
                continue;
            if (Line().Match(line) is not { Success: true } match)
                scope.Skip($"'{Shown.Of(line)}'", "not a line such as 'URL', 'METHOD URL' or 'METHOD URL WEIGHT'", $"line {number}");
            else if (WeightOf(match) is not { } weight)
                scope.Skip($"'{Shown.Of(line)}'", $"its weight is not above 0 and up to {MostWeight:N0}", $"line {number}");
            else
                requests.Add(new(match.Groups["method"].Success ? match.Groups["method"].Value : "GET", match.Groups["url"].Value, $"line {number}") { Weight = weight });
        }
        return new(requests);
    }

    /// <summary>A '#' within a URL begins a fragment, one after a space a comment.</summary>
    private static string WithoutComment(string line)
    {
        if (line.StartsWith('#') || (line.StartsWith("//", StringComparison.Ordinal)))
            return "";
        var comment = line.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? line : line[..comment].TrimEnd();
    }

    private static decimal? WeightOf(Match match)
    {
        if (!match.Groups["weight"].Success)
            return 1;
        return NumberText.TryParse(match.Groups["weight"].Value, out var weight) && weight is > 0 and <= MostWeight ? weight : null;
    }

    [GeneratedRegex(@"\A((?<method>[A-Z]{3,20})\s+)?(?<url>[A-Za-z][A-Za-z0-9+.-]*://\S+|/\S*)(\s+(?<weight>[0-9][0-9._,]*))?\z")]
    private static partial Regex Line();
}
