using System.Text.Json;
using Pressure.Chaos;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>What a monkey tells while it runs: lines for people, or with <c>--json</c> a document a line. Thread-safe.</summary>
internal sealed class MonkeyOutput(bool json, bool quiet, TimeProvider time)
{
    private const int Times = 3;

    private readonly Lock _gate = new();

    /// <summary>It can't run; gives the exit code.</summary>
    public int Invalid(string message, string remedy) => new ExperimentOutput(json, quiet).Invalid(message, remedy);

    /// <summary>It begins.</summary>
    public void Begins(MonkeyPlan plan)
    {
        var next = plan.NextTimes(time.GetUtcNow()).Take(Times).ToList();
        if (json)
        {
            Print(new { monkey = plan.Name, zone = plan.Hours.Zone.Id, groups = plan.Groups.Select(g => new { g.Name, mean = g.Mean.ToString(), fault = g.Strike.Kind, each = g.By }), next = next.Select(n => new { n.From, n.To }) });
            return;
        }
        Say($"Monkey {plan.Name}: {(plan.Groups.Count == 1 ? "1 group" : $"{plan.Groups.Count} groups")}, hours of {plan.Hours.Zone.Id}. Ctrl-C ends it and undoes what is in force.");
        foreach (var group in plan.Groups)
            Say($"  {group.Name}{(group.By is { } label ? $" (each value of {label})" : "")}: {group.Strike.Kind}, {Mean(group.Mean)} on average");
        Say(next.Count == 0 ? "It may strike at no time of the next weeks." : $"It may strike {string.Join(", ", next.Select(n => Window(n, plan.Hours.Zone)))}, ...");
    }

    /// <summary>Something happened in a strike.</summary>
    public void Told(Experiment experiment, TimelineEvent what)
    {
        if (!json && what is not TimelineEvent.RunEnded)
            Say($"{Now}  {experiment.Title}: {what.Detail}");
    }

    /// <summary>A strike is over.</summary>
    public void Ended(Experiment experiment, ExperimentOutcome outcome, string? folder)
    {
        var status = outcome.Status.ToString().ToLowerInvariant();
        if (json)
            Print(new { at = time.GetUtcNow(), strike = experiment.Title, status, outcome.Why, outcome.Left, outcome.Refusals, folder });
        else
            Say($"{Now}  {experiment.Title}: {status}{(outcome.Why.Length > 0 ? $": {outcome.Why}" : "")}{(folder is null ? "" : $" ({folder})")}");
        foreach (var refusal in outcome.Refusals)
            Problem($"{experiment.Title}: refused by {refusal.Guard}: {refusal.Why} {refusal.Remedy}");
        foreach (var left in outcome.Left)
            Problem($"{experiment.Title}: LEFT BEHIND: {left}");
    }

    /// <summary>Something is wrong; it goes on.</summary>
    public void Problem(string text)
    {
        lock (_gate)
            Console.Error.WriteLine(text);
    }

    /// <summary>It was stopped; gives the exit code.</summary>
    public int Ends(int strikes, bool hasLeft)
    {
        if (json)
            Print(new { strikes, left = hasLeft });
        else
            Say($"It was stopped after {(strikes == 1 ? "1 strike" : $"{strikes} strikes")}.");
        return hasLeft ? ExitCodes.Left : ExitCodes.Ok;
    }

    private string Now => $"{time.GetLocalNow():yyyy-MM-dd HH:mm:ss}";

    private static string Mean(MonkeyMean mean)
    {
        var unit = mean.Length is null ? "working day" : "allowed hour";
        return mean.Intervals == 1 ? $"every {unit}" : $"every {mean.Intervals:0.###} {unit}s";
    }

    private static string Window((DateTimeOffset From, DateTimeOffset To) window, TimeZoneInfo zone)
    {
        var (from, to) = (TimeZoneInfo.ConvertTime(window.From, zone), TimeZoneInfo.ConvertTime(window.To, zone));
        return from.Date == to.Date ? $"{from:yyyy-MM-dd HH:mm}-{to:HH:mm}" : $"{from:yyyy-MM-dd HH:mm} to {to:yyyy-MM-dd HH:mm}";
    }

    private void Say(string text)
    {
        if (quiet)
            return;
        lock (_gate)
        {
            Console.WriteLine(text);
            Console.Out.Flush();
        }
    }

    private void Print(object value)
    {
        lock (_gate)
        {
            Console.WriteLine(JsonSerializer.Serialize(value, ReportJson.Compact));
            Console.Out.Flush();
        }
    }
}
