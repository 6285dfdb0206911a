namespace Pressure.LoadGen;

/// <summary>What goes together of HTTP versions, proxies and sockets.</summary>
internal static class TransportRules
{
    /// <summary>Reports what does not.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="http">Its section <c>http</c>; without one all is well.</param>
    /// <param name="hasQuic">Whether this machine can speak QUIC, which HTTP/3 goes over.</param>
    /// <param name="problems">Gets the problems.</param>
    public static void Check(LoadPlan plan, PlanNode? http, bool hasQuic, ProblemList problems)
    {
        if (http is null)
            return;
        var (version, proxy) = (plan.Http.Version.Major, plan.Http.Proxy);
        if (version >= 2 && plan.Requests.FirstOrDefault(r => r.Url.Scheme == Uri.UriSchemeHttp) is { } plain)
            problems.Add(http, "http.version", $"HTTP/{version} needs https, but {Shown.Of(plain.Name)} goes over http", "Use version 1.1, or https URLs.");
        if (version >= 2 && plan.Http.KeepAliveRequests != int.MaxValue)
            problems.Add(http, "http.keepAlive", $"counts requests on a connection, which HTTP/{version} shares among many at once", "Remove requests, or use version 1.1.");
        if (version == 3 && !hasQuic)
            problems.Add(http, "http.version", "HTTP/3 can't be spoken on this machine: .NET found no QUIC (the library libmsquic, version 2 or later, with OpenSSL 3)", "Install the package libmsquic from Microsoft's Linux repository (Debian has none), or use version 2.");
        if (version == 3 && proxy is not null)
            problems.Add(http, "http.proxy", "carries no HTTP/3, which goes over UDP", "Use version 2, or no proxy.");
        if (proxy is not null && plan.Requests.FirstOrDefault(r => r.Url.Scheme == UrlText.Tcp) is { } raw)
            problems.Add(http, "http.proxy", $"is given, but {Shown.Of(raw.Name)} is a raw TCP connection, which goes through no proxy", "Remove the proxy, or move these steps into a plan of their own.");
    }
}
