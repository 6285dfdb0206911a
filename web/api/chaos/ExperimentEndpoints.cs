using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pressure.Chaos;
using Pressure.Web.Chaos;

namespace Pressure.Web.Api;

/// <summary>The experiments that are kept.</summary>
internal static class ExperimentEndpoints
{
    public static void Map(RouteGroupBuilder experiments)
    {
        experiments.MapGet("/", (ChaosService chaos) => chaos.Shelf.List().Select(ExperimentView.Of))
            .WithSummary("List the experiments that are kept").Produces<IReadOnlyList<ExperimentView>>();
        experiments.MapPost("/validate", ValidateAsync).WithSummary("Check an experiment without keeping or running it")
            .AddOpenApiOperationTransformer(OpenApiDescription.ExperimentBody).Produces<ExperimentCheck>().ProducesProblem(413).ProducesProblem(415);
        experiments.MapGet("/{name}", One).WithSummary("One experiment with its text").Produces<ExperimentTextView>().ProducesProblem(404);
        experiments.MapPut("/{name}", KeepAsync).WithSummary("Keep an experiment, in place of one by its name")
            .AddOpenApiOperationTransformer(OpenApiDescription.ExperimentBody).Produces<ExperimentView>().ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(507);
        experiments.MapDelete("/{name}", Delete).WithSummary("Forget an experiment; its drills stay").Produces(StatusCodes.Status204NoContent).ProducesProblem(404).ProducesProblem(507);
        experiments.MapPost("/{name}/preview", PreviewAsync).WithSummary("What an experiment would strike if it ran now, what it would spare, and what the guards would say")
            .Produces<PreviewView>().ProducesProblem(404).ProducesProblem(422);
        experiments.MapPost("/preview", PreviewTextAsync).WithSummary("The same for an experiment that is not kept")
            .AddOpenApiOperationTransformer(OpenApiDescription.ExperimentBody).Produces<PreviewView>().ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        experiments.MapPost("/{name}/run", Run).WithSummary("Run an experiment that is kept, as a drill").Produces<DrillView>(StatusCodes.Status201Created)
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(507);
    }

    private static async Task<IResult> ValidateAsync(HttpRequest request, ChaosService chaos)
    {
        var (text, problem) = await PlanBody.ReadAsync(request);
        return problem ?? Results.Ok(ExperimentCheck.Of(chaos.Shelf.Check(text, "experiment")));
    }

    private static IResult One(string name, ChaosService chaos) => chaos.Shelf.Find(name) is { } kept
        ? Results.Ok(new ExperimentTextView(ExperimentView.Of(kept), kept.Text, ExperimentProblemView.Of(kept.Result.Problems), kept.Result.Experiment?.Notices ?? []))
        : Problems.NoSuchExperiment(name);

    private static async Task<IResult> KeepAsync(string name, HttpRequest request, ChaosService chaos)
    {
        var (text, problem) = await PlanBody.ReadAsync(request);
        if (problem is not null)
            return problem;
        try
        {
            return chaos.Shelf.Keep(name, text) is { Count: > 0 } problems ? Problems.InvalidExperiment(problems) : Results.Ok(ExperimentView.Of(chaos.Shelf.Find(name)!));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.NotWritable(e.Message);
        }
    }

    private static IResult Delete(string name, ChaosService chaos)
    {
        try
        {
            return chaos.Shelf.Delete(name) ? Results.NoContent() : Problems.NoSuchExperiment(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.NotWritable(e.Message);
        }
    }

    private static async Task<IResult> PreviewAsync(string name, HttpContext context, ChaosService chaos)
    {
        if (context.Request.ContentLength is > 0 && !context.Request.HasJsonContentType())
            return Problems.UnsupportedType("application/json, or no body");
        return chaos.Shelf.Find(name) is { } kept ? await LookAsync(kept.Result, context, chaos) : Problems.NoSuchExperiment(name);
    }

    private static async Task<IResult> PreviewTextAsync(HttpContext context, ChaosService chaos)
    {
        var (text, problem) = await PlanBody.ReadAsync(context.Request);
        return problem ?? await LookAsync(chaos.Shelf.Check(text, "experiment"), context, chaos);
    }

    private static async Task<IResult> LookAsync(ExperimentResult result, HttpContext context, ChaosService chaos) => result.Experiment is { } experiment
        ? Results.Ok(PreviewView.Of(experiment, await chaos.Desk.PreviewAsync(experiment, ChaosEndpoints.By, context.RequestAborted)))
        : Problems.InvalidExperiment(result.Problems);

    private static IResult Run(string name, HttpContext context, ChaosService chaos) =>
        context.Request.ContentLength is > 0 && !context.Request.HasJsonContentType()
            ? Problems.UnsupportedType("application/json, or no body")
            : DrillEndpoints.Started(chaos.Desk.Start(new DrillOrder(name, null, ChaosEndpoints.By)), name);
}
