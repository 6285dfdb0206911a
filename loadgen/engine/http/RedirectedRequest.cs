using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>Writes the request that follows a redirect, from the one that was redirected.</summary>
internal static class RedirectedRequest
{
    private static readonly string[] OfOrigin = ["Authorization", "Proxy-Authorization", "Cookie"];

    /// <summary>The request's method.</summary>
    public static string MethodOf(ReadOnlySpan<byte> request) => Encoding.ASCII.GetString(request[..request.IndexOf((byte)' ')]);

    /// <summary>Where the request was sent, its slots filled.</summary>
    public static Uri UrlOf(ReadOnlySpan<byte> request, Origin origin)
    {
        var target = request[(request.IndexOf((byte)' ') + 1)..];
        // Only one that is too long for the type can't be read.
        return Uri.TryCreate(origin.Authority + Encoding.UTF8.GetString(target[..target.IndexOf((byte)' ')]), UriKind.Absolute, out var url) ? url : new(origin.Authority);
    }

    /// <summary>Whether two URLs have the same scheme, host and port.</summary>
    public static bool SameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.IdnHost.Equals(b.IdnHost, StringComparison.OrdinalIgnoreCase) && a.Port == b.Port;

    /// <summary>Whether a header field goes along: not what a dropped body needed, nor what was meant for another origin alone.</summary>
    public static bool Keeps(string field, bool asGet, bool sameOrigin) =>
        !(asGet && field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)) && (sameOrigin || !OfOrigin.Contains(field, StringComparer.OrdinalIgnoreCase));

    /// <summary>Writes it.</summary>
    /// <param name="before">The request that was redirected.</param>
    /// <param name="from">Where that was sent.</param>
    /// <param name="redirect">Where this one goes.</param>
    /// <param name="cookies">Whose cookies it carries; null when they stand in the plan, or nobody keeps any.</param>
    /// <param name="to">Takes the bytes.</param>
    public static void Write(ReadOnlySpan<byte> before, Uri from, in Redirect redirect, CookieJar? cookies, ByteBuffer to)
    {
        to.Truncate(0);
        var headEnd = before.IndexOf("\r\n\r\n"u8) + 2;
        var sameOrigin = SameOrigin(from, redirect.Url);
        to.Write(Encoding.ASCII.GetBytes($"{(redirect.AsGet ? "GET" : MethodOf(before))} {redirect.Url.PathAndQuery} HTTP/1.1\r\n"));
        for (var rest = before[(before.IndexOf((byte)'\n') + 1)..headEnd]; rest.Length > 0;)
        {
            var line = rest[..(rest.IndexOf((byte)'\n') + 1)];
            rest = rest[line.Length..];
            var name = Encoding.ASCII.GetString(line[..line.IndexOf((byte)':')]);
            if (!sameOrigin && name.Equals("Host", StringComparison.OrdinalIgnoreCase))
                to.Write(Encoding.ASCII.GetBytes($"Host: {RequestHeaders.HostOf(redirect.Url)}\r\n"));
            else if (Keeps(name, redirect.AsGet, sameOrigin) && !(cookies is not null && name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)))
                to.Write(line);
        }

        cookies?.WriteField(redirect.Url, to);
        to.Write("\r\n"u8);
        if (!redirect.AsGet)
            to.Write(before[(headEnd + 2)..]);
    }
}
