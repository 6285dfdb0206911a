using System.Globalization;

namespace Pressure.Web.Settings;

/// <summary>An entry of the allow-list: <c>shop.example</c>, <c>10.0.0.7</c>, <c>shop.example:8080</c>, <c>[2001:db8::7]:80</c>.</summary>
internal static class AllowedHost
{
    /// <summary>Entries that one list may have.</summary>
    public const int Most = 200;

    /// <summary>Host names, one a line or separated by commas, without repetitions.</summary>
    public static IReadOnlyList<string> Split(string? text) =>
        [.. (text ?? "").Split(['\n', '\r', ',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    public static bool IsValid(string entry)
    {
        if (entry.Length > 260)
            return false;
        if (Uri.CheckHostName(entry) != UriHostNameType.Unknown)
            return true;
        var colon = entry.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            && Uri.CheckHostName(entry[..colon]) != UriHostNameType.Unknown;
    }
}
