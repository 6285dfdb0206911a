using System.Globalization;
using System.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>A URL cut at its host: the part before names the target, the part behind becomes the step.</summary>
/// <param name="Origin">Scheme and host with port, without a path; null when the source names none.</param>
/// <param name="UserInfo">Name and password in the URL, if any.</param>
/// <param name="PathAndQuery">Begins with '/'; percent-encoded as far as a plan needs it, no fragment.</param>
internal sealed record UrlParts(Uri? Origin, string? UserInfo, string PathAndQuery)
{
    // Longer ones no server reads; the plan's own bound is 8,000 with the target.
    private const int Longest = 7_000;

    /// <summary>The parts; otherwise why the URL can't be in a plan.</summary>
    public static Complaint? Parse(string text, out UrlParts parts)
    {
        parts = new(null, null, "/");
        text = text.Trim();
        if (text.Length > Longest)
            return new($"its URL is longer than {Longest:N0} characters", "");
        if (text.StartsWith('/'))
        {
            parts = parts with { PathAndQuery = Encode(WithoutFragment(text)) };
            return parts.PathAndQuery.Length > Longest ? new($"its URL is longer than {Longest:N0} characters", "") : null;
        }
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)))
            return new($"'{SchemeOf(text)}' is neither http nor https", "");
        var begin = scheme + 3;
        var end = text.AsSpan(begin).IndexOfAny("/?#\\");
        var authority = end < 0 ? text[begin..] : text.Substring(begin, end);
        var rest = end < 0 ? "" : WithoutFragment(text[(begin + end)..]);
        var at = authority.LastIndexOf('@');
        if (UrlText.ParseTarget(text[..begin] + authority[(at + 1)..], out var origin) is not null || origin.AbsolutePath != "/")
            return new("its host or port is not valid", "");
        parts = new(origin, at < 0 ? null : Uri.UnescapeDataString(authority[..at]), Encode(rest.StartsWith('/') ? rest : "/" + rest));
        return parts.PathAndQuery.Length > Longest ? new($"its URL is longer than {Longest:N0} characters", "") : null;
    }

    /// <summary>Percent-encodes what URLs can't hold (spaces, quotes, braces, non-ASCII, lone percent signs) and leaves the rest.</summary>
    public static string Encode(string pathAndQuery)
    {
        var encoded = new StringBuilder(pathAndQuery.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < pathAndQuery.Length; i++)
        {
            var c = pathAndQuery[i];
            if (c == '%' ? IsEscape(pathAndQuery, i) : c is > ' ' and < '\u007f' && !"\"<>\\^`{|}#".Contains(c))
            {
                encoded.Append(c);
                continue;
            }
            // What is no letter at all (half of a surrogate pair) becomes the replacement character.
            Rune.DecodeFromUtf16(pathAndQuery.AsSpan(i), out var rune, out var length);
            i += length - 1;
            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return encoded.ToString();
    }

    private static bool IsEscape(string text, int at) => at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);

    private static string WithoutFragment(string text) => text.IndexOf('#') is >= 0 and var at ? text[..at] : text;

    private static string SchemeOf(string text) => Shown.Of(text.Split(':', '/', '?')[0]);
}
