using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pressure.Chaos;
using Pressure.Web.Chaos;

namespace Pressure.Web.Api;

/// <summary>Monkeys: keep, let loose, call back.</summary>
internal static class MonkeyEndpoints
{
    public static void Map(RouteGroupBuilder monkeys)
    {
        monkeys.MapGet("/", (ChaosService chaos, TimeProvider time) => chaos.Monkeys.All.Select(m => MonkeyView.Of(m, chaos, time.GetUtcNow())))
            .WithSummary("List the monkeys with the times in which they may strike next and their last strikes").Produces<IReadOnlyList<MonkeyView>>();
        monkeys.MapPost("/validate", ValidateAsync).WithSummary("Check a monkey's plan without keeping it")
            .AddOpenApiOperationTransformer(OpenApiDescription.MonkeyBody).Produces<ExperimentCheck>().ProducesProblem(413).ProducesProblem(415);
        monkeys.MapGet("/{name}", One).WithSummary("One monkey with its text").Produces<MonkeyTextView>().ProducesProblem(404);
        monkeys.MapPut("/{name}", KeepAsync).WithSummary("Keep a monkey, in place of one by its name; if that one runs, it goes on by the new plan")
            .AddOpenApiOperationTransformer(OpenApiDescription.MonkeyBody).Produces<MonkeyView>().ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(507);
        monkeys.MapDelete("/{name}", DeleteAsync).WithSummary("Call a monkey back and forget it; its drills stay").Produces(StatusCodes.Status204NoContent).ProducesProblem(404).ProducesProblem(507);
        monkeys.MapPost("/{name}/start", (string name, HttpContext context, ChaosService chaos, TimeProvider time) => SwitchAsync(name, chaos.Monkeys.StartAsync, context, chaos, time))
            .WithSummary("Let a monkey loose; it runs again after a restart").Produces<MonkeyView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(415);
        monkeys.MapPost("/{name}/stop", (string name, HttpContext context, ChaosService chaos, TimeProvider time) => SwitchAsync(name, chaos.Monkeys.StopAsync, context, chaos, time))
            .WithSummary("Call a monkey back; answers when its strikes are undone").Produces<MonkeyView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(415);
    }

    private static async Task<IResult> ValidateAsync(HttpRequest request, ChaosService chaos)
    {
        var (text, problem) = await PlanBody.ReadAsync(request);
        if (problem is not null)
            return problem;
        var result = chaos.MonkeyShelf.Check(text);
        return Results.Ok(new ExperimentCheck(result.Plan is not null, result.Plan?.Name, ExperimentProblemView.Of(result.Problems), []));
    }

    private static IResult One(string name, ChaosService chaos, TimeProvider time) => chaos.Monkeys.Find(name) is { } monkey
        ? Results.Ok(new MonkeyTextView(MonkeyView.Of(monkey, chaos, time.GetUtcNow()), monkey.Kept.Text, ExperimentProblemView.Of(monkey.Kept.Result.Problems)))
        : Problems.NoSuchMonkey(name);

    private static async Task<IResult> KeepAsync(string name, HttpRequest request, ChaosService chaos, TimeProvider time)
    {
        var (text, problem) = await PlanBody.ReadAsync(request);
        if (problem is not null)
            return problem;
        try
        {
            return await chaos.Monkeys.KeepAsync(name, text) is { Count: > 0 } problems ? Problems.InvalidMonkey(problems) : Shown(name, chaos, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.NotWritable(e.Message);
        }
    }

    private static async Task<IResult> DeleteAsync(string name, ChaosService chaos)
    {
        try
        {
            return await chaos.Monkeys.DeleteAsync(name) ? Results.NoContent() : Problems.NoSuchMonkey(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.NotWritable(e.Message);
        }
    }

    private static async Task<IResult> SwitchAsync(string name, Func<string, Task<string?>> change, HttpContext context, ChaosService chaos, TimeProvider time)
    {
        if (context.Request.ContentLength is > 0 && !context.Request.HasJsonContentType())
            return Problems.UnsupportedType("application/json, or no body");
        if (chaos.Monkeys.Find(name) is null)
            return Problems.NoSuchMonkey(name);
        return await change(name) is { } why ? Problems.MonkeyNotSwitched(why) : Shown(name, chaos, time);
    }

    private static IResult Shown(string name, ChaosService chaos, TimeProvider time) =>
        chaos.Monkeys.Find(name) is { } monkey ? Results.Ok(MonkeyView.Of(monkey, chaos, time.GetUtcNow())) : Problems.NoSuchMonkey(name);
}

/// <summary>A monkey as the API lists it. When it strikes in the times of <c>next</c>, and whether at all, nobody can tell.</summary>
internal sealed record MonkeyView(
    string Name, bool Valid, bool Running, string? Problem, DateTimeOffset ChangedAt, string? TimeZone, IReadOnlyList<MonkeyGroupView> Groups,
    IReadOnlyList<OpenTimeView> Next, IReadOnlyList<DrillView> Last, IReadOnlyDictionary<string, string> Links)
{
    /// <summary>Next times, and last strikes, that are shown.</summary>
    public const int Shown = 5;

    public static MonkeyView Of(MonkeyStanding monkey, ChaosService chaos, DateTimeOffset now)
    {
        var (name, plan) = (monkey.Kept.Name, monkey.Running ?? monkey.Kept.Result.Plan);
        var self = $"/api/chaos/monkeys/{name}";
        return new(
            name, monkey.Kept.Result.Plan is not null, monkey.Running is not null, monkey.Problem, monkey.Kept.ChangedAt, plan?.Hours.Zone.Id,
            [.. plan?.Groups.Select(g => new MonkeyGroupView(g.Name, g.By, g.Strike.Kind, g.Mean.ToString(), g.Strike.Duration.TotalSeconds)) ?? []],
            [.. plan?.NextTimes(now).Take(Shown).Select(n => new OpenTimeView(n.From, n.To)) ?? []],
            [.. chaos.StrikesOf(name, Shown).Select(DrillView.Of)],
            new Dictionary<string, string> { ["self"] = self, ["start"] = $"{self}/start", ["stop"] = $"{self}/stop", ["page"] = $"/chaos/monkeys/{name}" });
    }
}

/// <summary>A monkey with its text.</summary>
internal sealed record MonkeyTextView(MonkeyView Monkey, string Text, IReadOnlyList<ExperimentProblemView> Problems);

/// <summary>What a monkey strikes on its own; <c>each</c> is a label whose every value is a group.</summary>
internal sealed record MonkeyGroupView(string Name, string? Each, string Fault, string Mean, double Seconds);

/// <summary>A time, half-open.</summary>
internal sealed record OpenTimeView(DateTimeOffset From, DateTimeOffset To);
