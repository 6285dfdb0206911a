using System.Buffers;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads <c>headers:</c>.</summary>
internal static class HeaderReader
{
    private const string Remedy = "Write a map such as { Accept: application/json }.";
    private const string FromBody = "Remove it; it follows from the body.";
    private const string OwnConnections = "Remove it; connections are kept by Pressure (see http.keepAlive).";
    private const string OwnMark = "Remove it; Pressure sets it on every request, so that the target can tell the run's traffic.";

    // RFC 9110, section 5.6.2.
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly Dictionary<string, string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Content-Length"] = FromBody,
        ["Transfer-Encoding"] = FromBody,
        ["Trailer"] = FromBody,
        ["Connection"] = OwnConnections,
        ["Keep-Alive"] = OwnConnections,
        ["Proxy-Connection"] = OwnConnections,
        ["Upgrade"] = OwnConnections,
        ["TE"] = OwnConnections,
        ["Expect"] = "Remove it; bodies are sent without waiting for 100 Continue.",
        ["X-Pressure-Run"] = OwnMark,
        ["traceparent"] = OwnMark,
        ["baggage"] = OwnMark,
    };

    public static List<KeyValuePair<string, string>> Read(FieldReader step, string field = "headers")
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (key, node, path) in PairReader.Pairs(step, field, Remedy))
        {
            if (NameComplaint(key.Text) is { } complaint)
                step.Problems.Add(key, path, complaint);
            else if (headers.Exists(h => h.Key.Equals(key.Text, StringComparison.OrdinalIgnoreCase)))
                step.Problems.Add(key, path, $"header '{key.Text}' is given twice", "Join the values with commas in one header.");
            else if (ScalarReader.TryRead<string>(node, path, ParseValue, step.Problems, out var value))
                headers.Add(new(key.Text, value));
        }
        return headers;
    }

    /// <summary>Why a name is none of a header, or of one that can't be set; null if nothing is wrong.</summary>
    public static Complaint? NameComplaint(string name)
    {
        if (name.Length is 0 or > 200 || name.AsSpan().ContainsAnyExcept(Token))
            return new($"'{Shown.Of(name)}' is not a header name", "Use letters, digits and '-' only.");
        return Refused.TryGetValue(name, out var remedy) ? new($"header '{name}' can't be set", remedy) : null;
    }

    /// <summary>A word as headers have it (RFC 9110, 5.6.2).</summary>
    public static Complaint? ParseToken(string text, out string value)
    {
        value = text.Trim();
        return value.Length is 0 or > 200 || value.AsSpan().ContainsAnyExcept(Token) ? new($"'{Shown.Of(text)}' is not a token", "Use letters, digits, '.' and '-' only.") : null;
    }

    /// <summary>Visible ASCII, spaces and tabs: what every server reads alike.</summary>
    public static Complaint? ParseValue(string text, out string value)
    {
        value = text.Trim();
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            return new("header value contains a line break or a NUL", "Write the value on one line.");
        // Names in templates may be in any script: what goes out is encoded.
        return TemplateText.WithoutSlots(value).Any(c => c is not '\t' and (< ' ' or > '~'))
            ? new("header value contains a letter outside ASCII", "Encode it as your service expects, usually percent-encoded (商 is %E5%95%86).")
            : null;
    }
}
