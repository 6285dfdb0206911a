using System.Data.Common;
using Dapper;

namespace Pressure.Chaos;

/// <summary>What people do with the book: set limits, approve, close circuits, look at budgets. All of it is told in the audit log.</summary>
public sealed partial class GuardBook
{
    private const string RulesSetting = "rules";

    /// <summary>The limits in force.</summary>
    /// <exception cref="GuardBookException">The book can't be read.</exception>
    public Task<GuardRules> RulesAsync(CancellationToken stop) => _store.DoAsync(book => Task.FromResult(ReadRules(book)), stop);

    /// <summary>Sets other limits. What has been counted stays counted; circuits of budgets that are no more are closed.</summary>
    /// <exception cref="GuardBookException">The book can't be written.</exception>
    public Task SetRulesAsync(GuardRules rules, string by, CancellationToken stop) => ChangeRulesAsync(_ => rules, by, "limits set", stop);

    /// <summary>Adds a freeze; one of the same name is replaced.</summary>
    /// <exception cref="GuardBookException">The book can't be written.</exception>
    public Task AddFreezeAsync(Freeze freeze, string by, CancellationToken stop) =>
        ChangeRulesAsync(rules => rules with { Freezes = [.. rules.Freezes.Where(f => f.Name != freeze.Name), freeze] }, by, $"freeze '{freeze.Name}' added", stop);

    /// <summary>Takes a freeze away; false if there is none of that name.</summary>
    /// <exception cref="GuardBookException">The book can't be written.</exception>
    public async Task<bool> RemoveFreezeAsync(string name, string by, CancellationToken stop)
    {
        var found = false;
        await ChangeRulesAsync(
            rules =>
            {
                found = rules.Freezes.Any(f => f.Name == name);
                return found ? rules with { Freezes = [.. rules.Freezes.Where(f => f.Name != name)] } : null;
            },
            by,
            $"freeze '{name}' removed",
            stop);
        return found;
    }

    /// <summary>How the budgets stand.</summary>
    /// <exception cref="GuardBookException">The book can't be read.</exception>
    public Task<IReadOnlyList<BudgetStanding>> BudgetsAsync(CancellationToken stop) => _store.DoAsync<IReadOnlyList<BudgetStanding>>(
        async book =>
        {
            var (now, rules, told) = (_store.Now(book), ReadRules(book), new List<AuditEntry>());
            List<BudgetStanding> standings = [.. rules.Budgets.Select(b => new BudgetStanding(b, BudgetCheck.Used(book, b, now), Circuits.Open(book, rules, b, now, told)))];
            await TellAsync(told);
            return standings;
        },
        stop);

    /// <summary>Closes a budget's circuit, or all of them; how many were open. What was counted stays counted: an exhausted budget opens it again.</summary>
    /// <param name="budget">The budget's name; null for all.</param>
    /// <param name="by">Who.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="GuardBookException">The book can't be written.</exception>
    public Task<int> CloseCircuitsAsync(string? budget, string by, CancellationToken stop) => _store.DoAsync(
        async book =>
        {
            var open = book.Query<string>("SELECT budget FROM circuit").Where(b => budget is null || b == budget).ToList();
            foreach (var name in open)
                Circuits.Close(book, name);
            await TellAsync(open.Select(name => new AuditEntry(by, "circuit", name, "closed")));
            return open.Count;
        },
        stop);

    /// <summary>Requests for approval, newest first.</summary>
    /// <exception cref="GuardBookException">The book can't be read.</exception>
    public Task<IReadOnlyList<Approval>> ApprovalsAsync(CancellationToken stop) =>
        _store.DoAsync<IReadOnlyList<Approval>>(book => Task.FromResult<IReadOnlyList<Approval>>(Approvals.All(book, _store.Now(book))), stop);

    /// <summary>Asks for a second person's word before it is needed.</summary>
    /// <param name="experiment">The experiment's title.</param>
    /// <param name="hash">The hash of its document, as whoever runs it will give it.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="note">Why.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="GuardBookException">The book can't be written.</exception>
    public Task<Approval> RequestApprovalAsync(string experiment, string hash, string by, string note, CancellationToken stop) => _store.DoAsync(
        async book =>
        {
            List<AuditEntry> told = [];
            var approval = Approvals.Request(book, ReadRules(book), experiment, hash, by, note, _store.Now(book), told);
            await TellAsync(told);
            return approval;
        },
        stop);

    /// <summary>Says yes to a request. What was wrong with that as an English sentence; null if nothing.</summary>
    /// <remarks>There is no login: people are told apart by the name of their account, or the one that they give, and that they don't lie is up to them.</remarks>
    /// <exception cref="GuardBookException">The book can't be written.</exception>
    public Task<string?> ApproveAsync(string id, string by, CancellationToken stop) => DecideAsync(id, by, approve: true, stop);

    /// <summary>Says no to a request. What was wrong with that as an English sentence; null if nothing.</summary>
    /// <exception cref="GuardBookException">The book can't be written.</exception>
    public Task<string?> RejectAsync(string id, string by, CancellationToken stop) => DecideAsync(id, by, approve: false, stop);

    private Task<string?> DecideAsync(string id, string by, bool approve, CancellationToken stop) => _store.DoAsync(
        async book =>
        {
            List<AuditEntry> told = [];
            var wrong = Approvals.Decide(book, ReadRules(book), id, by, approve, _store.Now(book), told);
            await TellAsync(told);
            return wrong;
        },
        stop);

    private Task<bool> ChangeRulesAsync(Func<GuardRules, GuardRules?> change, string by, string what, CancellationToken stop) => _store.DoAsync(
        async book =>
        {
            if (change(ReadRules(book)) is not { } rules)
                return false;
            var text = GuardRulesWriter.Write(rules).ToJsonString();
            book.Execute("INSERT INTO setting (name, value) VALUES (@RulesSetting, @text) ON CONFLICT (name) DO UPDATE SET value = @text", new { RulesSetting, text });
            var names = rules.Budgets.Select(b => b.Name).ToHashSet();
            foreach (var gone in book.Query<string>("SELECT budget FROM circuit").Where(b => !names.Contains(b)).ToList())
                Circuits.Close(book, gone);
            await TellAsync([new(by, "rules", what, "changed", text)]);
            return true;
        },
        stop);

    private static GuardRules ReadRules(DbConnection book)
    {
        if (book.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = @RulesSetting", new { RulesSetting }) is not { } text)
            return new();
        var (rules, problems) = GuardRulesReader.Parse(text, "guards.db");
        return rules ?? throw new GuardBookException($"The limits in the guards' book can't be read: {problems[0].Field}: {problems[0].Message}. Set them again: pressure chaos guards set FILE");
    }

    private async Task TellAsync(IEnumerable<AuditEntry> told)
    {
        foreach (var entry in told)
            await _audit.WriteAsync(entry, CancellationToken.None);
    }
}

/// <summary>How a budget stands.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Used">How many strikes it has counted in its time.</param>
/// <param name="Circuit">Why its circuit lets nothing through; null if it is closed.</param>
public sealed record BudgetStanding(StrikeBudget Budget, int Used, GuardRefusal? Circuit);
