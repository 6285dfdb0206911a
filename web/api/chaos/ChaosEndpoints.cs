using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pressure.Chaos;
using Pressure.Web.Chaos;

namespace Pressure.Web.Api;

/// <summary>The one list of what the API can do with chaos.</summary>
internal static class ChaosEndpoints
{
    public const string By = "API";

    public static void Map(RouteGroupBuilder chaos)
    {
        chaos.AddEndpointFilter(GuardedAsync);
        chaos.MapGet("/faults", (ExperimentKinds catalogue) => catalogue.Faults.Select(FaultView.Of))
            .WithSummary("Every kind of fault, with what it takes").Produces<IReadOnlyList<FaultView>>();
        chaos.MapGet("/probes", (ExperimentKinds catalogue) => catalogue.Probes.Select(ProbeKindView.Of))
            .WithSummary("Every kind of probe, with what it takes").Produces<IReadOnlyList<ProbeKindView>>();
        chaos.MapPost("/probes/run", ProbeAsync)
            .WithSummary("Ask the probes of an experiment's hypothesis once and strike nothing")
            .WithDescription("""{"experiment": "kill-one"} names one that is kept; an experiment as YAML is asked as it is. For a build after a deployment: exitCode is 0 when all hold, else 99.""")
            .Produces<ProbeRunView>().ProducesProblem(404).ProducesProblem(415).ProducesProblem(422);
        ExperimentEndpoints.Map(chaos.MapGroup("/experiments"));
        DrillEndpoints.Map(chaos.MapGroup("/drills"));
        GuardEndpoints.Map(chaos);
        ScheduleEndpoints.Map(chaos.MapGroup("/schedules"));
        MonkeyEndpoints.Map(chaos.MapGroup("/monkeys"));
    }

    /// <summary>Whatever needs the guards says so where their book can't be opened.</summary>
    private static async ValueTask<object?> GuardedAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (GuardBookException e)
        {
            return Problems.NoGuards(e.Message);
        }
    }

    private static async Task<IResult> ProbeAsync(HttpContext context, ChaosService chaos)
    {
        var result = default(ExperimentResult);
        if (context.Request.HasJsonContentType())
        {
            var (wish, problem) = await JsonBody.ReadAsync<ProbeWish>(context.Request);
            if (problem is not null)
                return problem;
            result = chaos.Shelf.Find(wish!.Experiment)?.Result;
            if (result is null)
                return Problems.NoSuchExperiment(wish.Experiment);
        }
        else
        {
            var (text, problem) = await PlanBody.ReadAsync(context.Request);
            if (problem is not null)
                return problem;
            result = chaos.Shelf.Check(text, "experiment");
        }
        if (result.Experiment is not { } experiment)
            return Problems.InvalidExperiment(result.Problems);
        return Results.Ok(ProbeRunView.Of(await chaos.Desk.ProbeAsync(experiment, By, context.RequestAborted)));
    }
}

/// <summary>Whose probes are asked.</summary>
/// <param name="Experiment">Name of a kept experiment.</param>
internal sealed record ProbeWish(string Experiment);
