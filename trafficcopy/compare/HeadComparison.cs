namespace Pressure.TrafficCopy;

/// <summary>Compares header fields and cookies of two answers.</summary>
internal static class HeadComparison
{
    public static void Compare(AnswerHead expected, AnswerHead actual, ComparisonRules rules, bool hasBody, AnswerDifferences found)
    {
        bool Ignored(string name) => rules.IgnoresHeader(name)
            // It follows from the body, which is compared itself: decoded, and by what it means.
            || (hasBody && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase));

        foreach (var (name, value) in expected.Fields)
        {
            if (!Ignored(name) && !found.PassesOver(value))
                Compare("header:" + Title(name), value, actual[name], Same(name, value, actual[name] ?? "", rules), found);
        }
        foreach (var (name, value) in actual.Fields)
        {
            if (!Ignored(name) && expected[name] is null)
                found.Add("header:" + Title(name), DifferenceKind.Added, null, value);
        }
        if (!rules.IgnoresHeader("Set-Cookie"))
            Cookies(expected, actual, rules, found);
    }

    private static void Cookies(AnswerHead expected, AnswerHead actual, ComparisonRules rules, AnswerDifferences found)
    {
        // Masked whole, not even the names are known.
        if (expected.Cookies.Keys.Any(found.PassesOver))
            return;
        foreach (var (name, attributes) in expected.Cookies)
        {
            if (!rules.IgnoresCookie(name))
                Compare("cookie:" + name, attributes, actual.Cookies.GetValueOrDefault(name), same: attributes == actual.Cookies.GetValueOrDefault(name), found);
        }
        foreach (var (name, attributes) in actual.Cookies)
        {
            if (!rules.IgnoresCookie(name) && !expected.Cookies.ContainsKey(name))
                found.Add("cookie:" + name, DifferenceKind.Added, null, attributes);
        }
    }

    private static void Compare(string field, string expected, string? actual, bool same, AnswerDifferences found)
    {
        if (actual is null)
            found.Add(field, DifferenceKind.Missing, expected, null);
        else if (!same)
            found.Add(field, DifferenceKind.Changed, expected, actual);
    }

    private static bool Same(string name, string expected, string actual, ComparisonRules rules) =>
        rules.IsOnlyPresence(name) || expected == actual || (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && Plain(expected) == Plain(actual));

    /// <summary><c>text/html; charset=UTF-8</c> says the same as <c>text/html;charset="utf-8"</c>.</summary>
    private static string Plain(string contentType) => contentType.Replace(" ", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>One way to write a name, since HTTP/2 has them in lower case: <c>Content-Type</c>.</summary>
    private static string Title(string name) => string.Create(name.Length, name, (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = i == 0 || from[i - 1] == '-' ? char.ToUpperInvariant(from[i]) : char.ToLowerInvariant(from[i]);
    });
}
