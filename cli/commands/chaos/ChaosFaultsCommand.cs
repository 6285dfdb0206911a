using System.CommandLine;
using System.Text.Json;
using Pressure.Chaos;
using Pressure.Faults;
using Pressure.Reports;
using Spectre.Console;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos faults</c>: every kind of fault and probe, with what it takes.</summary>
internal static class ChaosFaultsCommand
{
    public static Command Create()
    {
        var json = SharedOptions.Json();
        var command = new Command("faults", "List every kind of fault and probe with its arguments") { json };
        command.SetAction(parsed =>
        {
            var kinds = ExperimentKinds.Usual;
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(kinds, ReportJson.Indented));
            else
                Print(kinds, ConsoleOutput.PressureConsole.Create());
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Print(ExperimentKinds kinds, IAnsiConsole console)
    {
        foreach (var group in kinds.Faults.GroupBy(f => f.Target))
        {
            console.MarkupLineInterpolated($"[bold]Faults of a {group.Key.ToString().ToLowerInvariant()}[/]");
            foreach (var fault in group)
                Print(fault.Kind, fault.Summary + Also(fault) + (fault.Risky ? " Risky: may need approval." : ""), fault.Parameters, console);
            console.WriteLine();
        }
        console.MarkupLineInterpolated($"[bold]Probes[/]");
        foreach (var probe in kinds.Probes)
            Print(probe.Kind, probe.Summary, probe.Parameters, console);
    }

    private static string Also(FaultDescription fault) =>
        fault.AlsoTargets.Count == 0 ? "" : $" Strikes {string.Join(" and ", fault.AlsoTargets.Select(t => $"a {t.ToString().ToLowerInvariant()}"))} as well.";

    private static void Print(string kind, string summary, IReadOnlyList<FaultParameter> parameters, IAnsiConsole console)
    {
        console.MarkupLineInterpolated($"  [bold]{kind}[/]  {summary}");
        foreach (var parameter in parameters)
            console.MarkupLineInterpolated($"    {parameter.Name}  {parameter.Summary}{(parameter.Default switch { null => ", needed", "" => "", var usual => $", else {usual}" })}");
    }
}
