using System.Data.Common;
using Dapper;

namespace Pressure.Chaos;

/// <summary>Budgets of strikes and their circuits. A circuit opens when somebody asks for more than is left.</summary>
internal static class BudgetCheck
{
    /// <summary>Asks every budget that counts this kind.</summary>
    /// <param name="book">The book.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="mayOpen">Whether circuits open over it: not when it would not have been permitted anyhow.</param>
    /// <param name="now">Now.</param>
    /// <param name="told">What is to be told of in the audit.</param>
    public static List<GuardRefusal> Ask(DbConnection book, GuardRules rules, StrikeRequest request, bool mayOpen, BookMoment now, List<AuditEntry> told)
    {
        List<GuardRefusal> refusals = [];
        foreach (var budget in rules.Budgets.Where(b => NamePattern.Matches(b.Kinds, request.Kind)))
        {
            if (Circuits.Open(book, rules, budget, now, told) is { } circuit)
                refusals.Add(circuit);
            else if (request.Targets.Count > budget.Most)
                refusals.Add(new("budget", $"{request.Targets.Count} strikes at once are more than the whole budget {budget.Name}, which is {budget.Most}.", "Choose fewer targets, or raise the budget in the guards' rules."));
            else if (Exhausted(book, rules, request, budget, mayOpen, now, told) is { } exhausted)
                refusals.Add(exhausted);
        }
        return refusals;
    }

    /// <summary>How many strikes a budget has counted in its time.</summary>
    public static int Used(DbConnection book, StrikeBudget budget, BookMoment now) => Counted(book, budget, now).Sum(c => c.Strikes);

    private static GuardRefusal? Exhausted(DbConnection book, GuardRules rules, StrikeRequest request, StrikeBudget budget, bool mayOpen, BookMoment now, List<AuditEntry> told)
    {
        var counted = Counted(book, budget, now);
        var used = counted.Sum(c => c.Strikes);
        if (used + request.Targets.Count <= budget.Most)
            return null;
        var from = GuardText.Moment(now.WallAt(FitsAt(counted, used, request.Targets.Count, budget)));
        var why = $"The budget {budget.Name} is used up: {used} of {budget.Most}, and {request.Targets.Count} more {(request.Targets.Count == 1 ? "is" : "are")} asked for.";
        if (!mayOpen)
            return new("budget", why, $"It would fit from {from} on.");
        Circuits.Trip(book, budget, why, now);
        told.Add(new(request.By, "circuit", budget.Name, "opened", why));
        return new("budget", $"{why} Its circuit is open now.", $"It would fit from {from} on. {Circuits.HowToClose(rules, budget, now.Book, now)}");
    }

    /// <summary>When enough of what was counted is out of the window.</summary>
    private static TimeSpan FitsAt(List<Count> counted, int used, int asked, StrikeBudget budget)
    {
        foreach (var count in counted)
        {
            used -= count.Strikes;
            if (used + asked <= budget.Most)
                return TimeSpan.FromTicks(count.At) + budget.Per;
        }
        return budget.Per;
    }

    private static List<Count> Counted(DbConnection book, StrikeBudget budget, BookMoment now) =>
    [
        .. book.Query<(long At, string Kind, long Strikes)>("SELECT at, kind, strikes FROM deed WHERE at > @since ORDER BY at", new { since = (now.Book - budget.Per).Ticks })
            .Where(d => NamePattern.Matches(budget.Kinds, d.Kind)).Select(d => new Count(d.At, (int)d.Strikes)),
    ];

    private readonly record struct Count(long At, int Strikes);
}
