using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pressure.Reports.Export;

namespace Pressure.Web.Export;

/// <summary><c>GET /metrics</c>: live runs, agents and the service itself, for Prometheus and what scrapes like it.</summary>
internal static class MetricsEndpoint
{
    public static void Map(WebApplication app) => app.MapGet("/metrics", async (HttpContext context, ScrapedSeries scraped, ServiceFigures service) =>
    {
        var openMetrics = context.Request.Headers.Accept.Any(a => a?.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) == true);
        context.Response.ContentType = ScrapedSeries.ContentType(openMetrics);
        context.Response.Headers.CacheControl = "no-store";
        var page = new StringWriter { NewLine = "\n" };
        scraped.Write(page, openMetrics, await service.NowAsync());
        await context.Response.WriteAsync(page.ToString(), context.RequestAborted);
    }).WithTags("service").WithSummary("Figures of live runs, agents and the service, in Prometheus's text format or OpenMetrics");
}
