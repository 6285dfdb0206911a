using Microsoft.AspNetCore.Builder;
using Pressure.Web.Api;

namespace Pressure.Web.Safety;

/// <summary>What every request passes first: known host, same origin for changes; every answer carries the security headers.</summary>
internal static class Gatekeeper
{
    public static void UseGatekeeper(this IApplicationBuilder app, HostNames hosts) => app.Use(async (context, next) =>
    {
        SecurityHeaders.Set(context.Response);
        if (!hosts.Knows(context.Request.Host))
        {
            await Problems.UnknownHost(context.Request.Host.Value ?? "").ExecuteAsync(context);
            return;
        }
        if (!SameOrigin.Allows(context.Request))
        {
            await Problems.ForeignOrigin().ExecuteAsync(context);
            return;
        }
        await next(context);
    });
}
