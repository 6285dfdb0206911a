using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Pressure.LoadGen;
using Pressure.Reports;
using Pressure.Web.Language;
using Pressure.Web.Runs;

namespace Pressure.Web.Api;

/// <summary>Runs: start, list, follow, stop, fetch.</summary>
internal static class RunEndpoints
{
    public static void Map(RouteGroupBuilder runs)
    {
        runs.MapPost("/", Start)
            .WithSummary("Start a run")
            .WithDescription("The body is a plan as YAML or JSON. ?lang=en|zh is the language of the reports; ?workers=N spreads the load over N workers, whatever the plan says of their number.")
            .AddOpenApiOperationTransformer(OpenApiDescription.PlanBody)
            .Produces<RunView>(StatusCodes.Status201Created)
            .ProducesProblem(403).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(507);
        runs.MapGet("/", List)
            .WithSummary("List the runs, newest first")
            .WithDescription("?page=N (from 1) of ?size=N runs (1 to 1,000; 100 by default). The Link header leads to the next page, RFC 8288.")
            .Produces<IReadOnlyList<RunView>>();
        runs.MapGet("/{id}", One).WithSummary("One run").Produces<RunView>().ProducesProblem(404);
        runs.MapGet("/{id}/summary", Summary).WithSummary("The summary of a run that has ended").Produces<RunSummary>().ProducesProblem(404);
        runs.MapGet("/{id}/live", Live)
            .WithSummary("Follow a run that goes on (server-sent events)")
            .WithDescription("Events: second, event, reporting, finished. Send Last-Event-ID to go on where you were.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream").ProducesProblem(404).ProducesProblem(409);
        runs.MapPost("/{id}/stop", Stop).WithSummary("Stop a run; reports of what was run are still written").Produces<RunView>(StatusCodes.Status202Accepted).ProducesProblem(404).ProducesProblem(409);
        runs.MapGet("/{id}/files/{name}", FileAsync)
            .WithSummary("A file of the run folder")
            .WithDescription("report.html, report.pdf, summary.json, plan.yaml, junit.xml or histograms.hlog. ?download=1 saves it under the run's name.")
            .Produces(StatusCodes.Status200OK).ProducesProblem(404);
    }

    private static async Task<IResult> Start(HttpContext context, RunStarter starter, int? workers)
    {
        var (plan, problem) = await PlanBody.ReadAsync(context.Request);
        if (problem is not null)
            return problem;
        if (workers is < 1 or > PlanLimits.MostWorkers)
            return Problems.InvalidInput(new Dictionary<string, string> { ["workers"] = $"{workers} is not from 1 to {PlanLimits.MostWorkers}." });
        return await starter.StartAsync(plan, context.Texts().Language, workers, context.RequestAborted) switch
        {
            StartOutcome.Started started => Results.Created($"/api/runs/{started.Id}", RunView.Of(started.Run)),
            StartOutcome.Invalid invalid => Problems.InvalidPlan(invalid.Problems),
            StartOutcome.Refused refused => Problems.Refused(refused.Reasons),
            StartOutcome.Busy { Runs.Count: > 0 } busy => Problems.Busy(busy.Runs),
            StartOutcome.NoWorkers none => Problems.NoWorkers(none.Problems),
            StartOutcome.Busy => Problems.Closing(),
            StartOutcome.NotWritable disk => Problems.NotWritable(disk.Why),
            var other => throw new InvalidOperationException($"An outcome of a new kind: {other.GetType().Name}"),
        };
    }

    private static IEnumerable<RunView> List(HttpContext context, RunStore store, int? page, int? size)
    {
        var asked = Math.Clamp(size ?? 100, 1, 1_000);
        var list = store.Page(page ?? 1, asked);
        string LinkTo(int number, string relation) => $"</api/runs?page={number}&size={asked}>; rel=\"{relation}\"";
        if (list.Older is { } older)
            context.Response.Headers.Append("Link", LinkTo(older, "next"));
        if (list.Newer is { } newer)
            context.Response.Headers.Append("Link", LinkTo(newer, "prev"));
        return list.Runs.Select(RunView.Of);
    }

    private static Results<Ok<RunView>, ProblemHttpResult> One(string id, RunStore store) =>
        store.Find(id) is { } run ? TypedResults.Ok(RunView.Of(run)) : Problems.NoSuchRun(id);

    private static async Task<IResult> Summary(string id, HttpContext context, RunStore store, ReportsOnDemand reports) =>
        await FileAsync(id, SummaryFile.Name, null, context, store, reports);

    private static IResult Live(string id, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, HttpContext context, RunStore store, ActiveRuns active, IHostApplicationLifetime lifetime)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (active.Find(id) is { } handle)
            return TypedResults.ServerSentEvents(LiveStream.Follow(handle, LiveStream.From(lastEventId), context.Texts(), lifetime.ApplicationStopping));
        return store.Find(id) switch
        {
            null => Problems.NoSuchRun(id),
            { State: RunState.RunningElsewhere } => Problems.NotRunning(id),
            var run => TypedResults.ServerSentEvents(LiveStream.Ended(run.Summary)),
        };
    }

    private static IResult Stop(string id, HttpContext context, RunStore store, ActiveRuns active)
    {
        if (context.Request.ContentLength is > 0 && !context.Request.HasJsonContentType())
            return Problems.UnsupportedType("application/json, or no body");
        if (store.Find(id) is not { } run)
            return Problems.NoSuchRun(id);
        if (active.Find(id) is not { } handle)
            return Problems.NotRunning(id);
        handle.Stop("API");
        return Results.Accepted($"/api/runs/{id}", RunView.Of(run));
    }

    private static async Task<IResult> FileAsync(string id, string name, string? download, HttpContext context, RunStore store, ReportsOnDemand reports)
    {
        if (store.Find(id) is not { } run)
            return Problems.NoSuchRun(id);
        await reports.EnsureAsync(run, context.Texts().Language);
        return RunFiles.Send(context, run, name, download is "1" or "true");
    }
}
