using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pressure.Web.Health;

/// <summary><c>GET /health</c>: how the service stands; 200, or 503 when it can't do what it is for.</summary>
internal static class HealthEndpoint
{
    public static void Map(WebApplication app) => app.MapGet("/health", async (HttpContext context, SelfHealth health) =>
    {
        context.Response.Headers.CacheControl = "no-store";
        var report = await health.ReportAsync();
        return Results.Json(report, statusCode: report.Status == HealthLevel.Failing ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }).WithTags("service").WithSummary("How the service stands: disk, runs, threads, exports; 503 when it can't do what it is for")
        .Produces<HealthReport>().Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
}
