using System.Globalization;
using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// The cookies of one visitor, for one iteration or for all iterations of a user (RFC 6265, without public suffixes: a cookie goes to
/// the host that set it, or below the domain that it names if that host is in it).
/// </summary>
internal sealed class CookieJar(Func<DateTimeOffset> now)
{
    private const int MostCookies = 100;
    private const int LongestCookie = 4096;
    private const long LongestAge = 400L * 24 * 60 * 60;

    // Longer paths first.
    private readonly List<Cookie> _cookies = [];

    private sealed record Cookie(string Name, byte[] Pair, string Domain, bool HostOnly, string Path, bool Secure, DateTimeOffset? Until = null);

    /// <summary>Throws all cookies away.</summary>
    public void Clear() => _cookies.Clear();

    /// <summary>Takes a Set-Cookie field of a response from a URL; what browsers would not keep is left out.</summary>
    public void Take(ReadOnlySpan<byte> field, Uri url)
    {
        if (field.Length > LongestCookie)
            return;
        var parts = Encoding.UTF8.GetString(field).Split(';', StringSplitOptions.TrimEntries);
        var equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            return;
        var name = parts[0][..equals].Trim();
        var cookie = new Cookie(name, Encoding.UTF8.GetBytes($"{name}={parts[0][(equals + 1)..].Trim()}"), url.IdnHost, HostOnly: true, DefaultPath(url), Secure: false);
        var (expires, maxAge) = ((DateTimeOffset?)null, (DateTimeOffset?)null);
        foreach (var (key, value) in parts.Skip(1).Select(Attribute))
        {
            switch (key)
            {
                case "DOMAIN" when value.Length > 0 && !IsUnder(url.IdnHost, value):
                    return;
                case "DOMAIN" when value.Length > 0:
                    cookie = cookie with { Domain = value, HostOnly = false };
                    break;
                case "PATH" when value.StartsWith('/'):
                    cookie = cookie with { Path = value };
                    break;
                case "SECURE":
                    cookie = cookie with { Secure = true };
                    break;
                case "MAX-AGE" when long.TryParse(value, out var seconds):
                    maxAge = now() + TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestAge));
                    break;
                case "EXPIRES" when DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date):
                    expires = date;
                    break;
            }
        }

        _cookies.RemoveAll(c => c.Name == name && c.Path == cookie.Path && c.Domain.Equals(cookie.Domain, StringComparison.OrdinalIgnoreCase));
        cookie = cookie with { Until = maxAge ?? expires };
        if (!IsOver(cookie) && _cookies.Count < MostCookies)
            _cookies.Insert(_cookies.FindLastIndex(c => c.Path.Length >= cookie.Path.Length) + 1, cookie);
    }

    /// <summary>Appends the cookies for a URL as <c>a=1; b=2</c>, longer paths first; whether there were any.</summary>
    public bool Write(Uri url, ByteBuffer to)
    {
        var any = false;
        foreach (var cookie in _cookies)
        {
            if (!Matches(cookie, url) || IsOver(cookie))
                continue;
            to.Write(any ? "; "u8 : default);
            Escaping.Write(cookie.Pair, Escape.Header, to);
            any = true;
        }

        return any;
    }

    /// <summary>Appends a Cookie field for a URL, if there are any.</summary>
    public void WriteField(Uri url, ByteBuffer to)
    {
        var before = to.Length;
        to.Write("Cookie: "u8);
        if (Write(url, to))
            to.Write("\r\n"u8);
        else
            to.Truncate(before);
    }

    private bool IsOver(Cookie cookie) => cookie.Until is { } until && until <= now();

    private static bool Matches(Cookie cookie, Uri url) =>
        (cookie.HostOnly ? url.IdnHost.Equals(cookie.Domain, StringComparison.OrdinalIgnoreCase) : IsUnder(url.IdnHost, cookie.Domain))
        && (!cookie.Secure || url.Scheme == Uri.UriSchemeHttps || url.IsLoopback)
        && url.AbsolutePath.StartsWith(cookie.Path, StringComparison.Ordinal)
        && (cookie.Path.EndsWith('/') || url.AbsolutePath.Length == cookie.Path.Length || url.AbsolutePath[cookie.Path.Length] == '/');

    private static (string Key, string Value) Attribute(string part)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        var (key, value) = equals < 0 ? (part, "") : (part[..equals].TrimEnd(), part[(equals + 1)..].TrimStart());
        key = key.ToUpperInvariant();
        return (key, key == "DOMAIN" ? value.TrimStart('.') : value);
    }

    // An address has no domains above it.
    private static bool IsUnder(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || (domain.Contains('.', StringComparison.Ordinal) && host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase) && !System.Net.IPAddress.TryParse(host, out _));

    private static string DefaultPath(Uri url)
    {
        var slash = url.AbsolutePath.LastIndexOf('/');
        return slash <= 0 ? "/" : url.AbsolutePath[..slash];
    }
}
