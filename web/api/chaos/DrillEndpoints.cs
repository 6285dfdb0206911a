using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Pressure.Chaos;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.Web.Chaos;
using Pressure.Web.Language;
using Pressure.Web.Runs;

namespace Pressure.Web.Api;

/// <summary>Drills: run, list, follow, stop.</summary>
internal static class DrillEndpoints
{
    private const int Most = 200;

    public static void Map(RouteGroupBuilder drills)
    {
        drills.MapPost("/", StartAsync).WithSummary("Run an experiment without keeping it, as a drill")
            .AddOpenApiOperationTransformer(OpenApiDescription.ExperimentBody)
            .Produces<DrillView>(StatusCodes.Status201Created).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(507);
        drills.MapGet("/", List).WithSummary("List the drills: those that run, then those that are over, newest first").WithDescription($"?size=N of those that are over (50; at most {Most}).")
            .Produces<IReadOnlyList<DrillView>>();
        drills.MapGet("/{id}", One).WithSummary("One drill").Produces<DrillView>().ProducesProblem(404);
        drills.MapPost("/{id}/stop", Stop).WithSummary("Stop a drill and undo all that it did").Produces<DrillView>(StatusCodes.Status202Accepted).ProducesProblem(404).ProducesProblem(409);
        drills.MapPost("/{id}/marks", MarkAsync).WithSummary("Note on a running drill's timeline that a disturbance was detected, located, or is over")
            .WithDescription("""{"mark": "detected"}, "located" or "recovered"; "by" says who, "note" what to add.""")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(422);
        drills.MapGet("/{id}/live", Live).WithSummary("Follow a drill that runs (server-sent events)")
            .WithDescription("Events: event (what happened, with how the drill stands after it), finished. Send Last-Event-ID to go on where you were.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream").ProducesProblem(404);
    }

    /// <summary>The answer to an attempt to start a drill.</summary>
    public static IResult Started(DrillStart start, string name) => start switch
    {
        DrillStart.Started started => Results.Created($"/api/chaos/drills/{started.Drill.Id}", DrillView.Of(started.Drill)),
        DrillStart.NoSuchExperiment => Problems.NoSuchExperiment(name),
        DrillStart.Invalid invalid => Problems.InvalidExperiment(invalid.Problems),
        DrillStart.Busy busy => Problems.DrillBusy(busy.Why, busy.Drills),
        DrillStart.Halted halted => Problems.Halted(halted.Why),
        DrillStart.Closing => Problems.Closing(),
        DrillStart.NotWritable disk => Problems.NotWritable(disk.Why),
        _ => throw new InvalidOperationException($"An outcome of a new kind: {start.GetType().Name}"),
    };

    private static async Task<IResult> StartAsync(HttpRequest request, ChaosService chaos)
    {
        var (text, problem) = await PlanBody.ReadAsync(request);
        return problem ?? Started(chaos.Desk.Start(new DrillOrder("", text, ChaosEndpoints.By)), "");
    }

    private static IEnumerable<DrillView> List(ChaosService chaos, RunStore runs, int? size)
    {
        var running = chaos.Desk.Running;
        return running.Select(DrillView.Of).Concat(chaos.History.Latest(Math.Clamp(size ?? 50, 1, Most)).Where(p => running.All(r => r.Id != p.Manifest.Id)).Select(p => Scored(p, runs)));
    }

    private static IResult One(string id, ChaosService chaos, RunStore runs) =>
        chaos.Desk.Find(id) is { } drill ? Results.Ok(DrillView.Of(drill)) : chaos.History.Find(id) is { } past ? Results.Ok(Scored(past, runs)) : Problems.NoSuchDrill(id);

    private static DrillView Scored(PastDrill past, RunStore runs) => DrillView.Of(past) with { Score = runs.Find(past.Manifest.Id)?.Summary?.Chaos?.Score?.Value };

    private static async Task<IResult> MarkAsync(string id, HttpContext context, ChaosService chaos)
    {
        var (wish, problem) = await JsonBody.ReadAsync<DrillMarkWish>(context.Request);
        if (problem is not null)
            return problem;
        if (chaos.Desk.Find(id) is not { } drill)
            return chaos.History.Find(id) is null ? Problems.NoSuchDrill(id) : Problems.DrillOver(id);
        if ((MarkText.WhyNot(wish!.Mark, wish.Note) ?? MarkText.WhyNot(wish.Mark, wish.By)) is { } why)
            return Problems.InvalidInput(new Dictionary<string, string> { ["mark"] = $"{why} Send one of {string.Join(", ", TimelineEvent.Marked.Words)}, with a \"note\" and \"by\" of one line if you like." });
        return drill.Mark(wish.Mark!, wish.By is { Length: > 0 } by ? by.Trim() : ChaosEndpoints.By, wish.Note?.Trim() ?? "") ? Results.NoContent() : Problems.DrillOver(id);
    }

    private static IResult Stop(string id, HttpContext context, ChaosService chaos)
    {
        if (context.Request.ContentLength is > 0 && !context.Request.HasJsonContentType())
            return Problems.UnsupportedType("application/json, or no body");
        if (chaos.Desk.Find(id) is not { } drill)
            return chaos.History.Find(id) is null ? Problems.NoSuchDrill(id) : Problems.DrillOver(id);
        drill.Stop(ChaosEndpoints.By);
        return Results.Accepted($"/api/chaos/drills/{id}", DrillView.Of(drill));
    }

    private static IResult Live(string id, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, HttpContext context, ChaosService chaos, IHostApplicationLifetime lifetime)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (chaos.Desk.Find(id) is { } drill)
            return TypedResults.ServerSentEvents(Follow(drill, LiveStream.From(lastEventId), context.Texts(), lifetime.ApplicationStopping));
        return chaos.History.Find(id) is { } past ? TypedResults.ServerSentEvents(Ended(past)) : Problems.NoSuchDrill(id);
    }

    private static async IAsyncEnumerable<SseItem<object>> Follow(RunningDrill drill, int from, Texts texts, CancellationToken serviceEnds, [EnumeratorCancellation] CancellationToken gone = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(serviceEnds, gone);
        // How it stood after each event is told with it; those that a follower has seen already are only counted.
        var standing = DrillStanding.Start;
        await using var events = drill.Events.Follow(0, either.Token).GetAsyncEnumerator(either.Token);
        while (await LiveStream.MoreAsync(events))
        {
            var (number, what) = events.Current;
            standing = standing.After(what);
            if (number >= from)
                yield return Item(Describe(what, standing, drill, texts), "event", number);
        }
        if (!either.IsCancellationRequested)
            yield return Item(await drill.Completion, "finished", null);
    }

    private static async IAsyncEnumerable<SseItem<object>> Ended(PastDrill drill)
    {
        await Task.CompletedTask;
        yield return Item((object?)drill.File.End ?? new { }, "finished", null);
    }

    private static SseItem<object> Item(object data, string type, int? number) =>
        new(data, type) { EventId = number?.ToString(), ReconnectionInterval = TimeSpan.FromSeconds(1) };

    private static object Describe(TimelineEvent what, DrillStanding standing, RunningDrill drill, Texts texts) => new
    {
        At = what.At.TotalSeconds,
        Kind = EventText.Kind(what),
        what.Target,
        what.Detail,
        Text = EventText.Of(what, texts),
        Faults = standing.Faults.Select(f => FaultInForceView.Of(f, drill.Clock.StartedAt) with { Title = KindText.Fault(f.Fault, texts) }),
        Probes = standing.Probes.Select(ProbeLightView.Of),
        Left = standing.Left.Values,
    };
}

/// <summary>How far the answer to a disturbance is.</summary>
internal sealed record DrillMarkWish(string? Mark = null, string? Note = null, string? By = null);
