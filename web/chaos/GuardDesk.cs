using Pressure.Chaos;
using Pressure.Web.State;

namespace Pressure.Web.Chaos;

/// <summary>The guards as pages and API show and change them. What can't be opened is told as a problem, never thrown.</summary>
internal sealed class GuardDesk(ServiceWorld world, WebOptions options, SharedState? shared = null)
{
    private const int Lines = 500;

    /// <summary>How the guards stand; why that can't be told.</summary>
    public async Task<(GuardStanding? Standing, string? Problem)> ReadAsync(CancellationToken stop)
    {
        try
        {
            var book = world.Guards;
            return (new(await book.RulesAsync(stop), await book.BudgetsAsync(stop), await book.ApprovalsAsync(stop)), null);
        }
        catch (GuardBookException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Sets other limits, written as YAML or JSON; everything that is wrong with them, and then nothing changes.</summary>
    public async Task<(IReadOnlyList<ExperimentProblem> Wrong, string? Problem)> SetRulesAsync(string text, string by, CancellationToken stop)
    {
        var (rules, wrong) = GuardRulesReader.Parse(text, "limits");
        if (rules is null)
            return (wrong, null);
        return ([], await ToldAsync(async () =>
        {
            await world.Guards.SetRulesAsync(rules, by, stop);
            return null;
        }));
    }

    /// <summary>Says yes or no to a request; why it was not taken, null if it was.</summary>
    public Task<string?> DecideAsync(string id, string by, bool approve, CancellationToken stop) =>
        ToldAsync(() => approve ? world.Guards.ApproveAsync(id, by, stop) : world.Guards.RejectAsync(id, by, stop));

    /// <summary>Closes a budget's circuit, or all; why it could not, null if it could.</summary>
    public Task<string?> CloseCircuitsAsync(string? budget, string by, CancellationToken stop) => ToldAsync(async () =>
    {
        await world.Guards.CloseCircuitsAsync(budget, by, stop);
        return null;
    });

    /// <summary>The last lines of the audit log, newest first, and whether its chain is whole.</summary>
    public async Task<(IReadOnlyList<AuditLine> Last, AuditVerdict? Verdict, string? Problem)> AuditAsync(CancellationToken stop)
    {
        try
        {
            return shared is not null ? (await shared.Audit.LastAsync(Lines, stop), await shared.Audit.VerifyAsync(stop), null) : (AuditReader.Last(options.ChaosFolder, Lines), AuditReader.Verify(options.ChaosFolder), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], null, e.Message);
        }
    }

    private static async Task<string?> ToldAsync(Func<Task<string?>> change)
    {
        try
        {
            return await change();
        }
        catch (GuardBookException e)
        {
            return e.Message;
        }
    }
}

/// <summary>How the guards stand.</summary>
/// <param name="Rules">The limits.</param>
/// <param name="Budgets">How the budgets stand.</param>
/// <param name="Approvals">Requests for approval, newest first.</param>
internal sealed record GuardStanding(GuardRules Rules, IReadOnlyList<BudgetStanding> Budgets, IReadOnlyList<Approval> Approvals);
