namespace Pressure.LoadGen.Importing;

/// <summary>Which headers go into a plan.</summary>
internal static class HeaderRules
{
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Length", "Transfer-Encoding", "Trailer", "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "TE", "Expect",
        "X-Pressure-Run", "traceparent", "tracestate", "baggage", "HTTP2-Settings",
    };

    private static readonly HashSet<string> Credentials = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Proxy-Authorization", "Cookie", "Cookie2" };

    private static readonly HashSet<string> Browser = new(StringComparer.OrdinalIgnoreCase)
    {
        "User-Agent", "Referer", "Upgrade-Insecure-Requests", "DNT", "Priority", "Pragma", "Cache-Control", "Purpose", "X-Client-Data", "Save-Data",
    };

    private static readonly HashSet<string> Conditional = new(StringComparer.OrdinalIgnoreCase)
    {
        "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range",
    };

    /// <summary>Leaves out what a browser says of itself and its cache; saying so.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> WithoutBrowserNoise(IEnumerable<KeyValuePair<string, string>> headers, string where, ImportScope scope)
    {
        var kept = new List<KeyValuePair<string, string>>();
        foreach (var header in headers)
        {
            if (Conditional.Contains(header.Key))
                scope.Skip($"header {header.Key}", "it asks on behalf of a browser's cache; load asks for the whole answer", where);
            else if (Browser.Contains(header.Key) || header.Key.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase))
                scope.Skip($"header {header.Key}", "the browser's own, not the service's", where);
            else
                kept.Add(header);
        }
        return kept;
    }

    /// <summary>Leaves out what Pressure sets itself and what holds secrets, and joins headers that are given twice.</summary>
    public static List<KeyValuePair<string, string>> ForPlan(FoundRequest request, UrlParts url, ImportScope scope)
    {
        var kept = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in request.Headers)
        {
            // The pseudo-headers of HTTP/2 stand in method and URL already.
            if (name.StartsWith(':') || (IsHost(name) && value.Trim().Equals(url.Origin?.Authority, StringComparison.OrdinalIgnoreCase)))
                continue;
            if (Own.Contains(name))
                scope.Skip($"header {name}", "Pressure sets it itself", request.Where);
            else if (!scope.Options.KeepSecrets && (Credentials.Contains(name) || Secrets.IsNamed(name) || Secrets.IsValue(value)))
                scope.Skip($"header {name}", "holds credentials; --keep-secrets keeps it", request.Where);
            else
                Add(kept, name, value.Trim());
        }
        return kept;
    }

    private static bool IsHost(string name) => name.Equals("Host", StringComparison.OrdinalIgnoreCase);

    private static void Add(List<KeyValuePair<string, string>> headers, string name, string value)
    {
        var at = headers.FindIndex(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
            headers.Add(new(name, value));
        else
            headers[at] = new(headers[at].Key, $"{headers[at].Value}{(name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "; " : ", ")}{value}");
    }
}
