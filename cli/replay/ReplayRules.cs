namespace Pressure.Cli.Replay;

/// <summary>Reads what is typed as a rule. What the parts mean the plan's reader looks at.</summary>
internal static class ReplayRules
{
    /// <summary>Reads a rule; gives what to write instead when it is none.</summary>
    public delegate string? Reader<T>(string text, out T value);

    /// <summary><c>NAME: VALUE</c></summary>
    public static string? Field(string text, out KeyValuePair<string, string> value) => Cut(text, ':', "Write --set 'X-Tenant: test'.", out value);

    /// <summary><c>NAME=VALUE</c></summary>
    public static string? Parameter(string text, out KeyValuePair<string, string> value) => Cut(text, '=', "Write --parameter tenant=test.", out value);

    /// <summary><c>PATTERN=REPLACEMENT</c>, or <c>s|PATTERN|REPLACEMENT|</c> with any letter that is neither letter nor digit.</summary>
    public static string? Rewrite(string text, out KeyValuePair<string, string> value)
    {
        const string remedy = "Write --rewrite ^/v1/=/v2/, or --rewrite 's|^/v1/|/v2/|'.";
        if (text is not ['s', var by, .., var last] || char.IsLetterOrDigit(by) || last != by || text.Length < 4)
            return Cut(text, '=', remedy, out value);
        var parts = text[2..^1].Split(by);
        value = parts.Length == 2 ? new(parts[0], parts[1]) : default;
        return parts.Length == 2 && parts[0].Length > 0 ? null : remedy;
    }

    /// <summary><c>json:$.token</c>, <c>header:NAME</c>, <c>regex:PATTERN</c>, each with <c>=&gt; FIELD: template {}</c> or without.</summary>
    public static string? Carry(string text, out (string Source, string Value, string? Into) value)
    {
        var arrow = text.IndexOf("=>", StringComparison.Ordinal);
        var (rule, into) = arrow < 0 ? (text, null) : (text[..arrow].TrimEnd(), text[(arrow + 2)..].Trim());
        var colon = rule.IndexOf(':', StringComparison.Ordinal);
        var source = colon < 0 ? "" : rule[..colon].Trim();
        value = (source, colon < 0 ? "" : rule[(colon + 1)..].Trim(), into);
        return source is "json" or "header" or "regex" ? null : "Write --carry json:$.token, --carry header:X-Csrf, --carry 'regex:name=\"csrf\" value=\"([^\"]+)\"', or --carry 'json:$.token => Authorization: Bearer {}'.";
    }

    /// <summary><c>METRIC: EXPRESSION</c></summary>
    public static string? Threshold(string text, out (string Metric, string Expression) value)
    {
        // Behind the tags, in which colons stand too.
        var colon = text.IndexOf(':', Math.Max(0, text.IndexOf('}', StringComparison.Ordinal)));
        value = colon < 1 ? default : (text[..colon].Trim(), text[(colon + 1)..].Trim());
        return colon < 1 ? "Write --threshold 'http_req_duration: p(95) < 500ms'." : null;
    }

    private static string? Cut(string text, char at, string remedy, out KeyValuePair<string, string> value)
    {
        var place = text.IndexOf(at, StringComparison.Ordinal);
        value = place < 1 ? default : new(text[..place].Trim(), text[(place + 1)..].Trim());
        return place < 1 ? remedy : null;
    }
}
