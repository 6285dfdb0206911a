using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Web.Chaos;
using Pressure.Web.Runs;
using Pressure.Web.Settings;

namespace Pressure.Web.Api;

/// <summary>Plans before they run: check them, do their arithmetic, try one of their requests.</summary>
internal static class PlanEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/plan/validate", ValidateAsync)
            .WithSummary("Check a plan without running it")
            .WithDescription("Lists all problems with line, field and remedy, and the hosts that the allow-list lacks.")
            .AddOpenApiOperationTransformer(OpenApiDescription.PlanBody)
            .Produces<PlanCheck>().ProducesProblem(413).ProducesProblem(415);
        api.MapPost("/pv", Derive).WithSummary("From page views a day to requests per second");
        api.MapPost("/try", TryAsync)
            .WithSummary("Send one request of a plan once and show the answer")
            .WithDescription("The body is a plan as YAML or JSON; ?request=N chooses the request, 0 is the first.")
            .AddOpenApiOperationTransformer(OpenApiDescription.PlanBody)
            .Produces<TriedView>().ProducesProblem(403).ProducesProblem(415).ProducesProblem(422);
    }

    private static async Task<IResult> ValidateAsync(HttpRequest request, SettingsFile settings, ExperimentsOfRun experiments, WebOptions options)
    {
        var (text, problem) = await PlanBody.ReadAsync(request);
        if (problem is not null)
            return problem;
        var read = PlanReader.Parse(text, "plan", experiments.Keeps, options.CapturesFolder);
        var refusals = read.Plan is { } plan ? settings.Guard().Refusals(plan) : [];
        return Results.Ok(new PlanCheck(read.Plan is not null, read.Plan is not null && refusals.Count == 0, PlanProblemView.Of(read.Problems), refusals));
    }

    private static Results<Ok<PageViewManifest>, ProblemHttpResult> Derive(PageViewQuestion question) =>
        question.Errors() is { Count: > 0 } errors ? Problems.InvalidInput(errors) : TypedResults.Ok(question.Views().Derive());

    private static async Task<IResult> TryAsync(HttpContext context, TryOnce once, WebOptions options, int? request)
    {
        var (text, problem) = await PlanBody.ReadAsync(context.Request);
        if (problem is not null)
            return problem;
        var read = PlanReader.Parse(text, "plan", captures: options.CapturesFolder);
        if (read.Plan is not { } plan)
            return Problems.InvalidPlan(read.Problems);
        return await once.SendAsync(plan, request ?? 0, context.RequestAborted) switch
        {
            TryOutcome.Sent sent => Results.Ok(TriedView.Of(sent)),
            TryOutcome.Refused refused => Problems.Refused(refused.Reasons),
            TryOutcome.NoSuchRequest none => Problems.InvalidInput(new Dictionary<string, string> { ["request"] = none.Count == 0 ? "A replay has no requests of its own." : $"The plan has requests 0 to {none.Count - 1}." }),
            var other => throw new InvalidOperationException($"An outcome of a new kind: {other.GetType().Name}"),
        };
    }
}
