using System.Text.Json;
using Pressure.Chaos;
using Pressure.Reports;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>What commands of chaos tell: for people on standard output, problems on standard error; with <c>--json</c> one document and nothing else.</summary>
internal sealed class ExperimentOutput(bool json, bool quiet)
{
    /// <summary>An experiment that can't be run; gives the exit code.</summary>
    public int Problems(IReadOnlyList<ExperimentProblem> problems)
    {
        if (json)
            Print(new { problems });
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        Console.Error.WriteLine(problems.Count == 1 ? "1 problem; nothing was struck." : $"{problems.Count} problems; nothing was struck.");
        return ExitCodes.InvalidInput;
    }

    /// <summary>Another input that can't be used; gives the exit code.</summary>
    public int Invalid(string message, string remedy)
    {
        if (json)
            Print(new { error = message, remedy });
        Console.Error.WriteLine(message);
        Console.Error.WriteLine(remedy);
        return ExitCodes.InvalidInput;
    }

    /// <summary>An experiment without problems; gives the exit code.</summary>
    public int Valid(string file, Experiment experiment)
    {
        if (json)
            Print(new { experiment.Title, experiment.Notices, problems = Array.Empty<ExperimentProblem>() });
        else
            Console.WriteLine($"{file}: {experiment.Title}: {Count(experiment.Method.Count, "activity", "activities")}, {Count(experiment.Hypothesis?.Probes.Count ?? 0, "probe of the hypothesis", "probes of the hypothesis")}, {Count(experiment.Rollbacks.Count, "rollback", "rollbacks")}. No problems.");
        Notices(experiment);
        return ExitCodes.Ok;
    }

    /// <summary>What was left aside.</summary>
    public void Notices(Experiment experiment)
    {
        if (!quiet && !json)
            experiment.Notices.ToList().ForEach(n => Console.Error.WriteLine($"Note: {n}"));
    }

    /// <summary>How an experiment went; gives the exit code.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="outcome">How it went.</param>
    /// <param name="folder">Its run folder; null if it has none.</param>
    /// <param name="files">Reports that were written, and what kept others from it.</param>
    public int Ended(string title, ExperimentOutcome outcome, string? folder, IReadOnlyList<string> files)
    {
        if (json)
            Print(new { outcome.Id, title, status = outcome.Status.ToString().ToLowerInvariant(), outcome.Deviated, outcome.ExitCode, outcome.Why, outcome.Left, outcome.Refusals, folder, files });
        else
            Print(title, outcome, folder, files);
        foreach (var refusal in outcome.Refusals)
            Console.Error.WriteLine($"Refused by {refusal.Guard}: {refusal.Why} {refusal.Remedy}");
        foreach (var left in outcome.Left)
            Console.Error.WriteLine($"LEFT BEHIND: {left}");
        return outcome.ExitCode;
    }

    /// <summary>Prints for machines.</summary>
    public static void Print(object value) => Console.WriteLine(JsonSerializer.Serialize(value, ReportJson.Indented));

    private void Print(string title, ExperimentOutcome outcome, string? folder, IReadOnlyList<string> files)
    {
        var why = outcome.Why.Length > 0 ? $": {outcome.Why}" : "";
        Console.WriteLine($"{title}: {outcome.Status.ToString().ToLowerInvariant()}{(outcome.Deviated ? ", the steady state deviated" : "")}{why}");
        if (quiet)
            return;
        if (folder is not null)
            Console.WriteLine($"Record and journal: {folder}");
        files.ToList().ForEach(Console.WriteLine);
    }

    private static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}
