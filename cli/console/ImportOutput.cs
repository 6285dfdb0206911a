using System.Text.Json;
using System.Text.Json.Serialization;
using Pressure.LoadGen.Importing;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>
/// What <c>import</c> tells: the plan into its file or on standard output, what was taken and what was not on standard error; with
/// <c>--json</c> all of it as one document on standard output.
/// </summary>
internal sealed class ImportOutput(bool json, bool quiet)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the plan and tells; gives the exit code.</summary>
    public int Finish(ImportResult result, string? plan, bool force)
    {
        if (result.Yaml is { } yaml && plan is not null && PlanFile.Write(plan, yaml, force) is { } problem)
            result = result with { Yaml = null, Problems = [new(plan, problem.Message, problem.Remedy)] };
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new { result.File, result.Format, Plan = result.Yaml is null ? null : plan, result.Yaml, result.Taken, result.NotTaken, result.Notes, result.Problems }, Options));
        else
            Tell(result, plan);
        return result.Yaml is null ? ExitCodes.InvalidInput : ExitCodes.Ok;
    }

    private void Tell(ImportResult result, string? plan)
    {
        if (result.Yaml is not null && plan is null)
            Console.Write(result.Yaml);
        if (!quiet)
            TellTaken(result);
        foreach (var problem in result.Problems)
            Console.Error.WriteLine(problem);
        if (result.Yaml is null)
            Console.Error.WriteLine("No plan was written.");
        else if (plan is not null)
            Console.WriteLine($"{plan}: {Count(result.Taken.Count, "request")}, {Count(result.NotTaken.Count, "kind")} of things not taken over. Next: pressure run {plan} --once");
    }

    private static void TellTaken(ImportResult result)
    {
        if (result.Taken.Count > 0)
        {
            Console.Error.WriteLine($"Taken from {result.File} ({result.Format?.ToString().ToLowerInvariant()}):");
            var whole = result.Taken.Sum(t => t.Weight);
            foreach (var taken in result.Taken)
                Console.Error.WriteLine($"  {taken.Weight / whole,6:0.0%}  {taken.Method} {taken.Url}");
        }
        foreach (var note in result.Notes)
            Console.Error.WriteLine($"  {note}");
        if (result.NotTaken.Count > 0)
            Console.Error.WriteLine("Not taken over:");
        foreach (var left in result.NotTaken)
            Console.Error.WriteLine($"  {left}");
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count:N0} {what}s";
}
