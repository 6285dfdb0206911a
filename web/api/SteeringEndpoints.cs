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
        Change("/{id}/rate", (RateBody body) => SteeringText.Parse("rate", body.Rate))
            .WithSummary("Change the requests per second of a running test")
            .WithDescription("""{"rate": "500/s"}, a share of the plan {"rate": "150%"}, or {"rate": "plan"}.""");
        Change("/{id}/users", (UsersBody body) => SteeringText.Parse("users", body.Text))
            .WithSummary("Change the number of users of a running closed load")
            .WithDescription("""{"users": 50} or {"users": "plan"}.""");
        Plain("/{id}/pause", "pause").WithSummary("Start nothing more until resumed; the plan's clock goes on");
        Plain("/{id}/resume", "resume").WithSummary("End a pause");
        Plain("/{id}/finish", "stop").WithSummary("End the load gracefully: nothing more starts, what is under way may finish; reports are written");

        RouteHandlerBuilder Change<T>(string path, Func<T, SteeringWish> read) => Described(runs.MapPost(path, (string id, T body, RunStore store, ActiveRuns active) =>
            Steer(id, read(body), store, active)).ProducesProblem(415));

        RouteHandlerBuilder Plain(string path, string what) => Described(runs.MapPost(path, (string id, HttpContext context, RunStore store, ActiveRuns active) =>
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

    /// <param name="Rate"><c>500/s</c>, <c>150%</c> or <c>plan</c>.</param>
    private sealed record RateBody(string? Rate);

    /// <param name="Users">A number, or <c>plan</c>.</param>
    private sealed record UsersBody(JsonElement Users)
    {
        public string? Text => Users.ValueKind switch
        {
            JsonValueKind.String => Users.GetString(),
            JsonValueKind.Number => Users.GetRawText(),
            _ => null,
        };
    }
}

/// <summary>What came of a change.</summary>
/// <param name="Changed">False when it was so already.</param>
/// <param name="At">Seconds since the run's start from which on it holds.</param>
/// <param name="Run">How the run goes on.</param>
internal sealed record SteeredView(bool Changed, double At, RunStatus Run);
