using System.Globalization;

namespace Pressure.Reports;

/// <summary>URLs for readers: <c>/%E6%90%9C%E7%B4%A2</c> is shown as <c>/搜索</c>.</summary>
internal static class ReadableUrl
{
    /// <summary>The whole URL, decoded.</summary>
    public static string Of(string url) => Decode(url);

    /// <summary>Path and query only, decoded; of a TCP connection, which has none, host and port.</summary>
    public static string PathOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? Decode(parsed.Scheme == "tcp" ? parsed.Authority : parsed.PathAndQuery) : Decode(url);

    /// <summary>Left as it is when decoding would bring in what can't be seen (control characters, direction marks) or is broken UTF-8.</summary>
    private static string Decode(string text)
    {
        var decoded = Uri.UnescapeDataString(text);
        return decoded.Any(IsInvisible) ? text : decoded;
    }

    private static bool IsInvisible(char c) => c == '\uFFFD' || char.GetUnicodeCategory(c) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
}
