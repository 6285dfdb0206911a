using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>Reads <c>check:</c>.</summary>
internal static class CheckReader
{
    private const int LongestPattern = 1_000;
    private const int MostStatuses = 50;

    public static List<Check> Read(FieldReader step)
    {
        var checks = new List<Check>();
        if (step["check"] is not { } node || FieldReader.Open(node, step.PathTo("check"), PlanKeys.Check, step.Problems) is not { } fields)
            return checks;
        if (!fields.Keys.Any())
            fields.Report("checks nothing", "Write status, body or bodyMatches, or remove check.");
        if (fields["status"] is { } status && ReadStatus(status, fields.PathTo("status"), fields.Problems) is { Count: > 0 } ranges)
            checks.Add(new Check.Status(ranges));
        if (fields.Has("body") && fields.Read<string>("body", ParseContained, "") is { Length: > 0 } text)
            checks.Add(new Check.BodyContains(text));
        if (fields.Has("bodyMatches") && fields.Read<Regex?>("bodyMatches", ParsePattern, null) is { } pattern)
            checks.Add(new Check.BodyMatches(pattern));
        return checks;
    }

    private static List<(int From, int To)> ReadStatus(PlanNode node, string path, ProblemList problems)
    {
        if (node is PlanNode.Scalar)
            return ScalarReader.TryRead<(int, int)>(node, path, StatusText.Parse, problems, out var one) ? [one] : [];
        var ranges = new List<(int From, int To)>();
        var items = ScalarReader.Items(node, path, MostStatuses, "Write a status such as 200, or a list: [200, 404].", problems);
        for (var i = 0; i < items.Count; i++)
        {
            if (ScalarReader.TryRead<(int, int)>(items[i], $"{path}[{i}]", StatusText.Parse, problems, out var range))
                ranges.Add(range);
        }
        return ranges;
    }

    private static Complaint? ParseContained(string text, out string value)
    {
        value = text;
        return text.Length > 0 ? null : new("is empty, which every body contains", "Write a text that the body must contain.");
    }

    private static Complaint? ParsePattern(string text, out Regex? value)
    {
        value = null;
        if (text.Length is 0 or > LongestPattern)
            return new($"has {text.Length:N0} characters", $"Write a regular expression of 1 to {LongestPattern:N0} characters.");
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
