using System.Text.RegularExpressions;

namespace Pressure.TrafficCopy;

/// <summary>Masks as people write them: <c>header:X-Api-Key</c>, <c>cookie:sid</c>, <c>query:q</c>, <c>form:card</c>, <c>json:iban</c>, <c>json:$.users[*].name</c>, <c>name:phone</c>, <c>regex:\d{16}</c>, <c>body</c>.</summary>
public static class MaskSpec
{
    private const string Kinds = "header:NAME, cookie:NAME, query:NAME, form:NAME, json:NAME, json:$.path[*].name, name:NAME (in any of these), regex:PATTERN, or body";

    /// <summary>Adds to rules what is asked for, and gives what can't be understood, each with what to write instead.</summary>
    /// <param name="rules">The rules to begin with.</param>
    /// <param name="masks">What to mask.</param>
    /// <param name="keeps">What not to mask: names only.</param>
    /// <param name="problems">What is wrong with them.</param>
    public static MaskRules Read(MaskRules rules, IEnumerable<string> masks, IEnumerable<string> keeps, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        foreach (var mask in masks)
            rules = Add(rules, mask, found);
        foreach (var keep in keeps)
        {
            if (Names(keep) is { } names)
                rules = rules with { Kept = [.. rules.Kept, .. names] };
            else
                found.Add($"'{Shown(keep)}' is nothing that can be kept. Write header:NAME, cookie:NAME, query:NAME, form:NAME, json:NAME or name:NAME.");
        }

        if (rules.JsonPaths.Count > JsonMasking.MostPaths)
            found.Add($"{rules.JsonPaths.Count} JSON paths are too many; at most {JsonMasking.MostPaths} can be masked. Use names (json:NAME) instead.");
        problems = found;
        return rules;
    }

    private static MaskRules Add(MaskRules rules, string mask, List<string> problems)
    {
        if (mask == "body")
            return rules with { DropBodies = true };
        if (mask.StartsWith("regex:", StringComparison.Ordinal))
            return Pattern(mask[6..], problems) is { } pattern ? rules with { Patterns = [.. rules.Patterns, pattern] } : rules;
        if (mask.StartsWith("json:$", StringComparison.Ordinal))
        {
            if (JsonMaskPath.Parse(mask[5..]) is { } path)
                return rules with { JsonPaths = [.. rules.JsonPaths, path] };
            problems.Add($"'{Shown(mask)}' is no path. Write json:$.users[*].password or json:$['a name'], or json:NAME for a name at any depth.");
            return rules;
        }

        if (Names(mask) is { } names)
            return rules with { Names = [.. rules.Names, .. names] };
        problems.Add($"'{Shown(mask)}' is no mask. Write {Kinds}.");
        return rules;
    }

    private static Regex? Pattern(string text, List<string> problems)
    {
        try
        {
            if (text.Length is > 0 and <= 10_000)
                return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            problems.Add("regex: is without a pattern, or with one of more than 10,000 letters. Write regex:PATTERN.");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            problems.Add($"'{Shown(text)}' can't be used as a pattern: {e.Message} Patterns run without backtracking, so without look-around and back-references.");
        }

        return null;
    }

    private static (MaskPlace, string)[]? Names(string text)
    {
        var colon = text.IndexOf(':');
        var name = text[(colon + 1)..].Trim();
        if (colon <= 0 || name.Length is 0 or > 200)
            return null;
        return text[..colon].ToLowerInvariant() switch
        {
            "header" => [(MaskPlace.Header, name)],
            "cookie" => [(MaskPlace.Cookie, name)],
            "query" => [(MaskPlace.Query, name)],
            "form" => [(MaskPlace.Form, name)],
            "json" => [(MaskPlace.Json, name)],
            "name" => [.. Enum.GetValues<MaskPlace>().Select(place => (place, name))],
            _ => null,
        };
    }

    private static string Shown(string text) => text.Length <= 80 ? text : $"{text[..80]}...";
}
