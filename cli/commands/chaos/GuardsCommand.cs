using System.CommandLine;
using Pressure.Chaos;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos guards</c>: limits, budgets and their circuits.</summary>
internal static class GuardsCommand
{
    public static Command Create(TimeProvider time)
    {
        var json = SharedOptions.Json();
        var command = new Command("guards", "Show the limits that strikes are kept to, and how the budgets stand") { json };
        command.SetAction((parsed, stop) => ShowAsync(time, parsed.GetValue(json), stop));
        command.Subcommands.Add(Show(time));
        command.Subcommands.Add(Set(time));
        command.Subcommands.Add(Close(time));
        return command;
    }

    private static Command Show(TimeProvider time)
    {
        var json = SharedOptions.Json();
        var command = new Command("show", "Show the limits, and how the budgets stand") { json };
        command.SetAction((parsed, stop) => ShowAsync(time, parsed.GetValue(json), stop));
        return command;
    }

    private static Command Set(TimeProvider time)
    {
        var file = new Argument<string>("FILE") { Description = "Limits, YAML or JSON, as 'guards show' prints them; what is left away is as by default" };
        var (by, json) = (GuardPlace.By(), SharedOptions.Json());
        var command = new Command("set", "Set other limits; all of it, or nothing if something is wrong with them") { file, by, json };
        command.SetAction((parsed, stop) => GuardPlace.RunAsync(time, parsed.GetValue(json), async (place, output) =>
        {
            var (rules, problems) = GuardRulesReader.ReadFile(parsed.GetRequiredValue(file));
            if (rules is null)
                return output.Problems(problems);
            await place.Book.SetRulesAsync(rules, parsed.GetRequiredValue(by), stop);
            return output.Done("The limits are set.");
        }));
        return command;
    }

    private static Command Close(TimeProvider time)
    {
        var budget = new Argument<string?>("BUDGET") { Description = "The budget's name as 'guards show' prints it; left away for all that are open", Arity = ArgumentArity.ZeroOrOne };
        var (by, json) = (GuardPlace.By(), SharedOptions.Json());
        var command = new Command("close", "Close the circuit that an exhausted budget opened; what was counted stays counted") { budget, by, json };
        command.SetAction((parsed, stop) => GuardPlace.RunAsync(time, parsed.GetValue(json), async (place, output) =>
        {
            var name = parsed.GetValue(budget);
            return await place.Book.CloseCircuitsAsync(name, parsed.GetRequiredValue(by), stop) switch
            {
                0 => output.Wrong(name is null ? "No circuit is open." : $"The circuit of '{name}' is not open.", "See: pressure chaos guards"),
                1 => output.Done("The circuit is closed."),
                var closed => output.Done($"{closed} circuits are closed."),
            };
        }));
        return command;
    }

    private static Task<int> ShowAsync(TimeProvider time, bool json, CancellationToken stop) => GuardPlace.RunAsync(time, json, async (place, output) =>
        output.Guards(await place.Book.RulesAsync(stop), await place.Book.BudgetsAsync(stop), place.Book.Halted));
}
