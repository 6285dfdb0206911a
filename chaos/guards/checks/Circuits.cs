using System.Data.Common;
using Dapper;

namespace Pressure.Chaos;

/// <summary>Open circuits: what a budget counts is not struck until somebody, or the cool-down, closes it.</summary>
internal static class Circuits
{
    /// <summary>Why a budget's circuit lets nothing through; null if it is closed. One whose cool-down is over is closed here.</summary>
    public static GuardRefusal? Open(DbConnection book, GuardRules rules, StrikeBudget budget, BookMoment now, List<AuditEntry> told)
    {
        if (Find(book, budget) is not { } circuit)
            return null;
        if (rules.CoolDown is { } coolDown && now.Book >= TimeSpan.FromTicks(circuit.Opened) + coolDown)
        {
            Close(book, budget.Name);
            told.Add(new("pressure", "circuit", budget.Name, "closed", $"The cool-down of {DurationText.Of(coolDown)} is over."));
            return null;
        }
        return new("budget", $"The circuit of the budget {budget.Name} is open since {circuit.Wall}. {circuit.Why}", HowToClose(rules, budget, TimeSpan.FromTicks(circuit.Opened), now));
    }

    /// <summary>A budget's open circuit; null if it is closed.</summary>
    public static Circuit? Find(DbConnection book, StrikeBudget budget) =>
        book.QuerySingleOrDefault<Circuit>("SELECT opened, wall, why FROM circuit WHERE budget = @Name", new { budget.Name });

    /// <summary>Opens it.</summary>
    public static void Trip(DbConnection book, StrikeBudget budget, string why, BookMoment now) => book.Execute(
        "INSERT INTO circuit (budget, opened, wall, why) VALUES (@Name, @opened, @wall, @why)", new { budget.Name, opened = now.Book.Ticks, wall = GuardText.Moment(now.Wall), why });

    /// <summary>Closes it; false if it was not open.</summary>
    public static bool Close(DbConnection book, string budget) => book.Execute("DELETE FROM circuit WHERE budget = @budget", new { budget }) > 0;

    /// <summary>What closes it.</summary>
    public static string HowToClose(GuardRules rules, StrikeBudget budget, TimeSpan opened, BookMoment now) =>
        $"A person closes the circuit: pressure chaos guards close '{budget.Name}'{(rules.CoolDown is { } coolDown ? $"; it closes by itself from {GuardText.Moment(now.WallAt(opened + coolDown))} on" : "")}.";
}

/// <summary>An open circuit, as it stands in the book.</summary>
internal sealed record Circuit(long Opened, string Wall, string Why);
