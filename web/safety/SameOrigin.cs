using Microsoft.AspNetCore.Http;

namespace Pressure.Web.Safety;

/// <summary>
/// Whether a request that changes something may come from where it comes from. Browsers say where a request was made
/// (<c>Sec-Fetch-Site</c>, older ones <c>Origin</c>); programs such as curl say nothing and carry no user's session to abuse.
/// </summary>
internal static class SameOrigin
{
    public static bool Allows(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return true;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site is "same-origin" or "none"; // Also behind a proxy that shows another name, where Origin would not fit.
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
