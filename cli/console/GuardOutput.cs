using System.Text.Json;
using System.Text.Json.Nodes;
using Pressure.Chaos;
using Pressure.Reports;
using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>What commands tell of guards, approvals and the audit log: tables for people, or one JSON document for machines.</summary>
internal sealed class GuardOutput(bool json)
{
    private readonly IAnsiConsole _console = PressureConsole.Create();

    /// <summary>Tells people something; gives the exit code.</summary>
    public int Done(string text)
    {
        if (json)
            Print(new { done = text });
        else
            Console.WriteLine(text);
        return ExitCodes.Ok;
    }

    /// <summary>Something that can't be done so; gives the exit code.</summary>
    public int Wrong(string message, string remedy, int code = ExitCodes.InvalidInput)
    {
        if (json)
            Print(new { error = message, remedy });
        Console.Error.WriteLine(message);
        if (remedy.Length > 0)
            Console.Error.WriteLine(remedy);
        return code;
    }

    /// <summary>A file that can't be used; gives the exit code.</summary>
    public int Problems(IReadOnlyList<ExperimentProblem> problems)
    {
        if (json)
            Print(new { problems });
        foreach (var p in problems)
            Console.Error.WriteLine($"{p.File}:{p.Line}:{p.Column}: {(p.Field.Length > 0 ? $"{p.Field}: " : "")}{p.Message}. {p.Remedy}");
        Console.Error.WriteLine(problems.Count == 1 ? "1 problem; nothing was changed." : $"{problems.Count} problems; nothing was changed.");
        return ExitCodes.InvalidInput;
    }

    /// <summary>Limits and how budgets stand; gives the exit code.</summary>
    public int Guards(GuardRules rules, IReadOnlyList<BudgetStanding> budgets, string? halted)
    {
        if (json)
        {
            Print(new JsonObject
            {
                ["halted"] = halted,
                ["rules"] = GuardRulesWriter.Write(rules),
                ["budgets"] = new JsonArray([.. budgets.Select(b => new JsonObject { ["budget"] = b.Budget.Name, ["used"] = b.Used, ["most"] = b.Budget.Most, ["open"] = b.Circuit?.Why })]),
            });
            return ExitCodes.Ok;
        }
        if (halted is not null)
            Console.WriteLine(halted);
        var table = Table("budget", "used", "of", "circuit");
        foreach (var (budget, used, circuit) in budgets)
            table.AddRow(Markup.Escape(budget.Name), $"{used}", $"{budget.Most}", circuit is null ? "closed" : Markup.Escape($"{circuit.Why} {circuit.Remedy}"));
        _console.Write(table);
        Console.WriteLine("Limits, as they are read from a file by 'pressure chaos guards set FILE':");
        Console.WriteLine(GuardRulesWriter.Write(rules).ToJsonString(ReportJson.Indented));
        return ExitCodes.Ok;
    }

    /// <summary>Requests for approval; gives the exit code.</summary>
    public int Approvals(IReadOnlyList<Approval> approvals)
    {
        if (json)
        {
            Print(new { approvals });
            return ExitCodes.Ok;
        }
        if (approvals.Count == 0)
            return Done("Nobody has asked for anything.");
        var table = Table("id", "state", "experiment", "asked by", "asked at", "decided by", "until", "used");
        foreach (var a in approvals)
            table.AddRow(a.Id, State(a.State), Markup.Escape(a.Experiment), Markup.Escape(a.AskedBy), Moment(a.AskedAt), Markup.Escape(a.DecidedBy ?? ""), Moment(a.ExpiresAt), $"{a.Used} of {a.Uses}");
        _console.Write(table);
        return ExitCodes.Ok;
    }

    /// <summary>How the audit log was found; gives the exit code.</summary>
    public int Audit(AuditVerdict verdict, string folder)
    {
        if (json)
            Print(new { verdict.Lines, verdict.Hash, verdict.Problem });
        else if (verdict.Problem is null)
            Console.WriteLine($"{folder}: {verdict.Lines} lines, the chain holds. Its end: {verdict.Hash}");
        else
            Console.WriteLine($"{folder}: {verdict.Problem}. {verdict.Lines} lines before that are in order.");
        return verdict.Problem is null ? ExitCodes.Ok : 1;
    }

    /// <summary>Lines of the audit log, newest first; gives the exit code.</summary>
    public int Lines(IReadOnlyList<AuditLine> lines)
    {
        if (json)
        {
            Print(new { lines = lines.Select(l => new { l.Number, l.At, l.Entry.Who, l.Entry.What, l.Entry.On, l.Entry.Outcome, l.Entry.Detail, l.Hash }) });
            return ExitCodes.Ok;
        }
        if (lines.Count == 0)
            return Done("Nothing has been done yet.");
        var table = Table("line", "at", "who", "what", "on", "outcome", "detail");
        foreach (var l in lines)
            table.AddRow($"{l.Number}", Moment(l.At), Markup.Escape(l.Entry.Who), Markup.Escape(l.Entry.What), Markup.Escape(l.Entry.On), Markup.Escape(l.Entry.Outcome), Markup.Escape(l.Entry.Detail));
        _console.Write(table);
        return ExitCodes.Ok;
    }

    private static string State(ApprovalState state) => state == ApprovalState.UsedUp ? "used up" : state.ToString().ToLowerInvariant();

    private static string Moment(DateTimeOffset at) => $"{at.ToUniversalTime():yyyy-MM-dd HH:mm:ss}Z";

    private static Table Table(params string[] columns) => new Table().Border(TableBorder.Simple).AddColumns(columns);

    private static void Print(object value) => Console.WriteLine(JsonSerializer.Serialize(value, ReportJson.Indented));
}
