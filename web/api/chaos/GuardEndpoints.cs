using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pressure.Chaos;
using Pressure.Faults;
using Pressure.Web.Chaos;

namespace Pressure.Web.Api;

/// <summary>What keeps chaos small, and the big stop that outranks everything.</summary>
internal static class GuardEndpoints
{
    public static void Map(RouteGroupBuilder chaos)
    {
        chaos.MapGet("/halt", (ChaosService service) => new HaltView(service.Halted is not null, service.Halted)).WithSummary("Whether the global stop is in force");
        chaos.MapPost("/halt", HaltAsync).WithSummary("The global stop: undo everything, and strike nothing until it is lifted").WithDescription("""{"why": "..."} may be given.""")
            .Produces<HaltView>().ProducesProblem(409).ProducesProblem(415);
        chaos.MapPost("/resume", ResumeAsync).WithSummary("Lift the global stop").Produces<HaltView>().ProducesProblem(415).ProducesProblem(507);
        chaos.MapPost("/revert", RevertAsync).WithSummary("Undo every fault that holds on this machine, whoever applied it").Produces<IReadOnlyList<RevertedView>>().ProducesProblem(415).ProducesProblem(507);
        chaos.MapGet("/guards", ReadAsync).WithSummary("Limits, how the budgets stand, requests for approval").Produces<GuardsView>().ProducesProblem(503);
        chaos.MapPut("/guards", SetAsync).WithSummary("Set other limits (YAML or JSON); what was counted stays counted").AddOpenApiOperationTransformer(OpenApiDescription.LimitsBody)
            .Produces<GuardsView>().ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);
        chaos.MapPost("/approvals/{id}", DecideAsync).WithSummary("Say yes or no to a request for approval").WithDescription("""{"approve": true, "by": "ann"}; somebody else than who asked.""")
            .Produces<GuardsView>().ProducesProblem(409).ProducesProblem(415).ProducesProblem(422);
        chaos.MapPost("/circuits/close", CloseAsync).WithSummary("Close the circuits of budgets that were exhausted").WithDescription("""{"budget": "* per 1h"}, or {} for all.""").Produces<GuardsView>().ProducesProblem(415).ProducesProblem(503);
        chaos.MapGet("/audit", AuditAsync).WithSummary("Who did what, newest first, and whether the log is whole").Produces<AuditView>().ProducesProblem(503);
    }

    private static async Task<IResult> HaltAsync(HttpContext context, ChaosService service)
    {
        var (wish, problem) = context.Request.ContentLength is > 0 || context.Request.ContentType is not null ? await JsonBody.ReadAsync<HaltWish>(context.Request) : (new HaltWish(), null);
        if (problem is not null)
            return problem;
        return await service.HaltAsync(ChaosEndpoints.By, wish!.Why ?? "") is { } left ? Problems.NotHalted(left) : Results.Ok(new HaltView(true, service.Halted));
    }

    private static async Task<IResult> ResumeAsync(HttpContext context, ChaosService service) => !IsPlain(context) ? Problems.UnsupportedType("application/json, or no body")
        : await service.ResumeAsync(ChaosEndpoints.By) is { } wrong ? Problems.NotWritable(wrong) : Results.Ok(new HaltView(false, null));

    private static async Task<IResult> RevertAsync(HttpContext context, ChaosService service)
    {
        if (!IsPlain(context))
            return Problems.UnsupportedType("application/json, or no body");
        try
        {
            return Results.Ok((await service.RevertAsync(ChaosEndpoints.By, "revert")).Select(RevertedView.Of));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.NotWritable(e.Message);
        }
    }

    private static async Task<IResult> ReadAsync(HttpContext context, GuardDesk guards)
    {
        var (standing, problem) = await guards.ReadAsync(context.RequestAborted);
        return standing is null ? Problems.NoGuards(problem!) : Results.Ok(GuardsView.Of(standing));
    }

    private static async Task<IResult> SetAsync(HttpContext context, GuardDesk guards)
    {
        var (text, problem) = await PlanBody.ReadAsync(context.Request);
        if (problem is not null)
            return problem;
        var (wrong, why) = await guards.SetRulesAsync(text, ChaosEndpoints.By, context.RequestAborted);
        return wrong.Count > 0 ? Problems.InvalidInput(wrong.GroupBy(w => w.Field).ToDictionary(g => g.Key, g => string.Join(" ", g.Select(w => $"{w.Message}. {w.Remedy}")))) : why is not null ? Problems.NoGuards(why) : await ReadAsync(context, guards);
    }

    private static async Task<IResult> DecideAsync(string id, HttpContext context, GuardDesk guards)
    {
        var (wish, problem) = await JsonBody.ReadAsync<DecisionWish>(context.Request);
        if (problem is not null)
            return problem;
        if (string.IsNullOrWhiteSpace(wish!.By))
            return Problems.InvalidInput(new Dictionary<string, string> { ["by"] = "Say who decides: somebody else than who asked." });
        return await guards.DecideAsync(id, wish.By.Trim(), wish.Approve, context.RequestAborted) is { } wrong ? Problems.NotDecided(wrong) : await ReadAsync(context, guards);
    }

    private static async Task<IResult> CloseAsync(HttpContext context, GuardDesk guards)
    {
        var (wish, problem) = await JsonBody.ReadAsync<CircuitWish>(context.Request);
        if (problem is not null)
            return problem;
        return await guards.CloseCircuitsAsync(wish!.Budget, ChaosEndpoints.By, context.RequestAborted) is { } wrong ? Problems.NoGuards(wrong) : await ReadAsync(context, guards);
    }

    private static async Task<IResult> AuditAsync(GuardDesk guards, CancellationToken stop)
    {
        var (last, verdict, problem) = await guards.AuditAsync(stop);
        return verdict is null ? Problems.NoGuards(problem ?? "The audit log can't be read.") : Results.Ok(new AuditView(verdict.Problem is null, verdict.Problem, verdict.Lines, verdict.Hash, [.. last.Select(l => new AuditLineView(l.Number, l.At, l.Entry.Who, l.Entry.What, l.Entry.On, l.Entry.Outcome, l.Entry.Detail))]));
    }

    private static bool IsPlain(HttpContext context) => context.Request.ContentLength is not > 0 || context.Request.HasJsonContentType();
}

/// <summary>Whether the global stop is in force.</summary>
internal sealed record HaltView(bool Halted, string? Why);

/// <summary>Why everything is to stop.</summary>
internal sealed record HaltWish(string? Why = null);

/// <summary>Yes or no, and who says it.</summary>
internal sealed record DecisionWish(bool Approve, string? By = null);

/// <summary>Whose circuit is closed; null for all.</summary>
internal sealed record CircuitWish(string? Budget = null);

/// <summary>A fault that was undone, or is not.</summary>
internal sealed record RevertedView(string Handle, string Fault, string On, bool Undone, string? Left)
{
    public static RevertedView Of(EndedFault ended) => new(ended.End.Handle, ended.Intent.Kind, ended.Intent.Target.Label, ended.End.Outcome is not UndoOutcome.Incomplete, (ended.End.Outcome as UndoOutcome.Incomplete)?.What);
}

/// <summary>How the guards stand; limits as the file has them.</summary>
internal sealed record GuardsView(System.Text.Json.Nodes.JsonNode Limits, IReadOnlyList<BudgetView> Budgets, IReadOnlyList<Approval> Approvals)
{
    public static GuardsView Of(GuardStanding standing) => new(GuardRulesWriter.Write(standing.Rules), [.. standing.Budgets.Select(b => new BudgetView(b.Budget.Name, b.Used, b.Budget.Most, b.Circuit?.Why))], standing.Approvals);
}

/// <summary>How a budget stands; <c>open</c> says why its circuit lets nothing through.</summary>
internal sealed record BudgetView(string Name, int Used, int Most, string? Open);

/// <summary>The last lines of the audit log, newest first.</summary>
internal sealed record AuditView(bool Whole, string? Problem, long Count, string Hash, IReadOnlyList<AuditLineView> Lines);

/// <summary>A line of the audit log.</summary>
internal sealed record AuditLineView(long Number, DateTimeOffset At, string Who, string What, string On, string Outcome, string Detail);
