using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Web.Runs;

namespace Pressure.Web.Api;

/// <summary>A run that goes on in this service: how it goes on, and changes of its load.</summary>
internal static class SteeringEndpoints
{
    private const string By = "API";

    public static void Map(RouteGroupBuilder runs)
    {
        runs.MapGet("/{id}/status", Status).WithSummary("How a run goes on").Produces<RunStatus>().ProducesProblem(404).ProducesProblem(409);
        Change("rate")
            .WithSummary("Change the requests per second of a running test")
            .WithDescription("""{"rate": "500/s"}, a share of the plan {"rate": "150%"}, or {"rate": "plan"}.""");
        Change("users")
            .WithSummary("Change the number of users of a running closed load")
            .WithDescription("""{"users": 50} or {"users": "plan"}.""");
        Plain("pause", "pause").WithSummary("Start nothing more until resumed; the plan's clock goes on");
        Plain("resume", "resume").WithSummary("End a pause");
        Plain("finish", "stop").WithSummary("End the load gracefully: nothing more starts, what is under way may finish; reports are written");

        RouteHandlerBuilder Change(string what) => Described(runs.MapPost($"/{{id}}/{what}", async (string id, HttpContext context, RunStore store, ActiveRuns active) =>
            context.Request.HasJsonContentType()
                ? Steer(id, SteeringText.Parse(what, await ValueAsync(context.Request, what)), store, active)
                : Problems.UnsupportedType("application/json")).ProducesProblem(415));

        RouteHandlerBuilder Plain(string path, string what) => Described(runs.MapPost($"/{{id}}/{path}", (string id, HttpContext context, RunStore store, ActiveRuns active) =>
            context.Request.ContentLength is > 0 && !context.Request.HasJsonContentType()
                ? Problems.UnsupportedType("application/json, or no body")
                : Steer(id, SteeringText.Parse(what, null), store, active)));

        static RouteHandlerBuilder Described(RouteHandlerBuilder builder) => builder.Produces<SteeredView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
    }

    private static IResult Status(string id, RunStore store, ActiveRuns active)
    {
        if (active.Find(id) is { } handle)
            return Results.Ok(handle.Status);
        return store.Find(id) is null ? Problems.NoSuchRun(id) : Problems.NotRunning(id);
    }

    private static IResult Steer(string id, SteeringWish wish, RunStore store, ActiveRuns active)
    {
        if (active.Find(id) is not { } handle)
            return store.Find(id) is null ? Problems.NoSuchRun(id) : Problems.NotRunning(id);
        if (wish.Change is null)
            return Problems.NotSteered("unreadable", $"{wish.Problem}. {wish.Remedy}");
        var result = handle.Steer(wish.Change, By);
        if (result.Refusal == SteeringRefusal.Over)
            return Problems.NotRunning(id);
        if (result.IsAccepted)
            return Results.Ok(new SteeredView(result.Changed, Math.Round(result.At.TotalSeconds, 3), handle.Status));
        var (problem, remedy) = RefusalText.Of(result.Refusal);
        return Problems.NotSteered(RunView.Kebab(result.Refusal), $"{problem} {remedy}");
    }

    /// <summary>The text of one value of the body; null when there is none, or no body that could be read.</summary>
    private static async Task<string?> ValueAsync(HttpRequest request, string name)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted);
            return body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty(name, out var value) ? null : value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What came of a change.</summary>
/// <param name="Changed">False when it was so already.</param>
/// <param name="At">Seconds since the run's start from which on it holds.</param>
/// <param name="Run">How the run goes on.</param>
internal sealed record SteeredView(bool Changed, double At, RunStatus Run);
