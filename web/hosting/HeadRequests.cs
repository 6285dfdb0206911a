using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pressure.Web.Hosting;

/// <summary>
/// Answers HEAD wherever GET is answered. The server leaves out the body by itself; only live streams, which have no end of their own, are spared.
/// </summary>
internal static class HeadRequests
{
    public static void UseHeadRequests(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (HttpMethods.IsHead(request.Method) && request.Path.Value?.EndsWith("/live", StringComparison.OrdinalIgnoreCase) != true)
            request.Method = HttpMethods.Get;
        return next(context);
    });
}
