using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pressure.Chaos;
using Pressure.Web.Chaos;

namespace Pressure.Web.Api;

/// <summary>Schedules of drills and probes.</summary>
internal static class ScheduleEndpoints
{
    public static void Map(RouteGroupBuilder schedules)
    {
        schedules.MapGet("/", (ChaosService chaos, TimeProvider time) => chaos.Schedules.All.Select(s => ScheduleView.Of(s, time.GetUtcNow())))
            .WithSummary("List the schedules with their next beginnings and what came of the last ones").Produces<IReadOnlyList<ScheduleView>>();
        schedules.MapGet("/{name}", One).WithSummary("One schedule").Produces<ScheduleView>().ProducesProblem(404);
        schedules.MapPut("/{name}", SetAsync).WithSummary("Keep a schedule, in place of one by its name")
            .WithDescription("""{"experiment": "kill-one", "cron": "30 9 * * MON-FRI", "timeZone": "Europe/Berlin", "hours": "09:00-17:00", "workingDays": true, "holidays": ["2026-12-25"], "probesOnly": false, "disableAfter": 3}; everyMinutes instead of cron; "plan": the text of a plan, instead of an experiment, is run with its load.""")
            .Produces<ScheduleView>().ProducesProblem(415).ProducesProblem(422).ProducesProblem(507);
        schedules.MapDelete("/{name}", RemoveAsync).WithSummary("Forget a schedule; a drill of it that runs goes on").Produces(StatusCodes.Status204NoContent).ProducesProblem(404).ProducesProblem(507);
        Switch("on", null).WithSummary("Switch a schedule on, counting failures anew");
        Switch("off", "Switched off by the API.").WithSummary("Switch a schedule off");

        RouteHandlerBuilder Switch(string path, string? off) => schedules.MapPost($"/{{name}}/{path}", (string name, HttpContext context, ChaosService chaos, TimeProvider time) => SwitchAsync(name, off, context, chaos, time))
            .Produces<ScheduleView>().ProducesProblem(404).ProducesProblem(507);
    }

    private static IResult One(string name, ChaosService chaos, TimeProvider time) =>
        chaos.Schedules.Find(name) is { } kept ? Results.Ok(ScheduleView.Of(kept, time.GetUtcNow())) : Problems.NoSuchSchedule(name);

    private static async Task<IResult> SetAsync(string name, HttpContext context, ChaosService chaos, TimeProvider time)
    {
        var (wish, problem) = await JsonBody.ReadAsync<ScheduleWish>(context.Request);
        if (problem is not null)
            return problem;
        return await WrittenAsync(async () =>
        {
            var problems = await chaos.SetScheduleAsync(wish!.Named(name));
            return problems.Count > 0
                ? Problems.InvalidInput(problems.GroupBy(p => p.Field).ToDictionary(g => g.Key, g => string.Join(" ", g.Select(p => $"{char.ToUpperInvariant(p.Message[0])}{p.Message[1..]}. {p.Remedy}"))))
                : One(name, chaos, time);
        });
    }

    private static Task<IResult> RemoveAsync(string name, ChaosService chaos) =>
        WrittenAsync(async () => await chaos.Schedules.RemoveAsync(name) ? Results.NoContent() : Problems.NoSuchSchedule(name));

    private static Task<IResult> SwitchAsync(string name, string? off, HttpContext context, ChaosService chaos, TimeProvider time) =>
        context.Request.ContentLength is > 0 && !context.Request.HasJsonContentType()
            ? Task.FromResult<IResult>(Problems.UnsupportedType("application/json, or no body"))
            : WrittenAsync(async () => await chaos.Schedules.SwitchAsync(name, off) ? One(name, chaos, time) : Problems.NoSuchSchedule(name));

    private static async Task<IResult> WrittenAsync(Func<Task<IResult>> change)
    {
        try
        {
            return await change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.NotWritable(e.Message);
        }
    }
}

/// <summary>A schedule as asked; its name stands in the address.</summary>
internal sealed record ScheduleWish
{
    public string Experiment { get; init; } = "";

    public string? Plan { get; init; }

    public string? Cron { get; init; }

    public int? EveryMinutes { get; init; }

    public string TimeZone { get; init; } = "UTC";

    public string? Hours { get; init; }

    public bool WorkingDays { get; init; }

    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    public bool ProbesOnly { get; init; }

    public int DisableAfter { get; init; } = 3;

    public DrillSchedule Named(string name) => new()
    {
        Name = name,
        Experiment = Experiment,
        Plan = Plan,
        Cron = Cron,
        EveryMinutes = EveryMinutes,
        TimeZone = TimeZone,
        Hours = Hours,
        WorkingDays = WorkingDays,
        Holidays = Holidays,
        ProbesOnly = ProbesOnly,
        DisableAfter = DisableAfter,
    };
}
