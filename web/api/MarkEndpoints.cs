using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.Web.Runs;

namespace Pressure.Web.Api;

/// <summary>Marks on the timeline of a run that goes on in this service: an alarm, or somebody, says how far the answer to a disturbance is.</summary>
internal static class MarkEndpoints
{
    public static void Map(RouteGroupBuilder runs) => runs
        .MapPost("/{id}/marks", async (string id, HttpContext context, RunStore store, ActiveRuns active) =>
            context.Request.HasJsonContentType() ? Mark(id, await ReadAsync(context.Request), store, active) : Problems.UnsupportedType("application/json"))
        .WithSummary("Note on a running test's timeline that a disturbance was detected, located, or is over")
        .WithDescription("""{"mark": "detected"}, "located" or "recovered"; "by" says who, "note" what to add.""")
        .Produces(204).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(422);

    private static IResult Mark(string id, MarkWish? wish, RunStore store, ActiveRuns active)
    {
        if (active.Find(id) is not { } run)
            return store.Find(id) is null ? Problems.NoSuchRun(id) : Problems.NotRunning(id);
        if (wish is null || MarkText.WhyNot(wish.Mark, wish.Note) is not null || MarkText.WhyNot(wish.Mark, wish.By) is not null)
            return Problems.NotSteered("unreadable", $"""That is no mark. Send {"{"}"mark": "detected"{"}"}, or one of {string.Join(", ", TimelineEvent.Marked.Words)}, with a "note" and "by" of one line if you like.""");
        return run.Mark(wish.Mark!, wish.By is { Length: > 0 } by ? by.Trim() : "API", wish.Note?.Trim() ?? "") ? Results.NoContent() : Problems.NotRunning(id);
    }

    private static async Task<MarkWish?> ReadAsync(HttpRequest request)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<MarkWish>(request.Body, JsonSerializerOptions.Web, request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record MarkWish(string? Mark, string? Note, string? By);
}
