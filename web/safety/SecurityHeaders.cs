using Microsoft.AspNetCore.Http;

namespace Pressure.Web.Safety;

/// <summary>Headers that keep a page from running anything that is not ours, even if some text slipped through unescaped.</summary>
internal static class SecurityHeaders
{
    /// <summary>Chart tooltips position themselves with style attributes; style sheets and scripts come from the service only.</summary>
    private const string Page =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; " +
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>A report is one file with everything inside. It gets an origin of its own, so it can reach nothing of the service.</summary>
    public const string Report =
        "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " +
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /// <summary>Files that are only looked at or saved.</summary>
    public const string Data = "sandbox; default-src 'none'; frame-ancestors 'none'";

    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Page;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
