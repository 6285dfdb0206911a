using System.CommandLine;
using Pressure.Chaos;
using Pressure.Cli.Chaos;
using Pressure.Cli.ConsoleOutput;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos plan FILE</c>: exactly what would be struck, and what is spared and why. Changes nothing.</summary>
internal static class ChaosPlanCommand
{
    public static Command Create(TimeProvider time)
    {
        var file = ChaosOptions.File();
        var seed = ChaosOptions.Seed();
        var service = ChaosOptions.Service();
        var json = SharedOptions.Json();
        var command = new Command("plan", "Show exactly what an experiment would strike now, and what is spared and why; nothing is struck") { file, seed, service, json };
        command.SetAction(async (parsed, stop) =>
        {
            var asJson = parsed.GetValue(json);
            var output = new ExperimentOutput(asJson, quiet: false);
            var read = ExperimentReader.ReadFile(parsed.GetRequiredValue(file), Environment.GetEnvironmentVariable);
            if (read.Experiment is not { } experiment)
                return output.Problems(read.Problems);
            output.Notices(experiment);
            // Without a seed another run would choose others: one is made up and told, so that the run can be given it.
            var chance = parsed.GetValue(seed) ?? new Random().Next(1, 1_000_000);
            try
            {
                await using var elsewhere = new ServiceHosts(parsed.GetValue(service), time);
                using var local = LocalWorld.Open(new(time, StateFolder.Usual) { Agents = elsewhere.Hosts });
                var world = await local.OnAsync(new ToldTimeline(time, _ => { }), DrillRun.ChanceOf(chance));
                var plan = await ExperimentPlan.OfAsync(experiment, world, local.Guards.LookAsync, ChaosPlace.By, stop);
                return ChaosPlanText.Print(experiment, plan, chance, asJson);
            }
            catch (GuardBookException e)
            {
                return output.Invalid($"The guards can't be asked: {e.Message}", "Nothing was struck.");
            }
        });
        return command;
    }
}
