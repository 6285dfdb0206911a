using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pressure.Web.Export;
using Pressure.Web.Health;
using Pressure.Web.Runs;
using Pressure.Web.State;

namespace Pressure.Web.Api;

/// <summary>The one list of the API's endpoints.</summary>
internal static class Endpoints
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/healthz", (ActiveRuns active) => Results.Ok(new { Status = "ok", Running = active.All().Count }))
            .WithTags("service").WithSummary("Whether the service answers");
        HealthEndpoint.Map(app);
        MetricsEndpoint.Map(app);
        var api = app.MapGroup("/api");
        var runs = api.MapGroup("/runs").WithTags("runs");
        RunEndpoints.Map(runs);
        SteeringEndpoints.Map(runs);
        MarkEndpoints.Map(runs);
        AgentEndpoints.Map(api.MapGroup("/agents").WithTags("agents"));
        CaptureEndpoints.MapOf(api.MapGroup("/agents").WithTags("captures"));
        CaptureEndpoints.MapFiles(api.MapGroup("/captures").WithTags("captures"));
        TokenEndpoints.Map(api.MapGroup("/tokens").WithTags("agents"));
        ChaosEndpoints.Map(api.MapGroup("/chaos").WithTags("chaos"));
        NodeEndpoints.Map(api);
        PlanEndpoints.Map(api.WithTags("plans"));
        api.MapFallback((HttpContext context) => Problems.NoSuchPath(context.Request.Path)).ExcludeFromDescription();
    }
}
