using System.CommandLine;
using Pressure.Chaos;
using Pressure.Cli.Chaos;
using Pressure.Cli.ConsoleOutput;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos probe KIND</c>: one look; what it sees as JSON.</summary>
internal static class ChaosProbeCommand
{
    public static Command Create(TimeProvider time)
    {
        var kind = new Argument<string>("KIND") { Description = "Kind of probe; 'pressure chaos faults' lists them" };
        var arguments = ChaosOptions.Arguments("port=5080");
        var tolerance = new Option<string?>("--tolerance") { Description = "What it must see, as in an experiment: 200, '[200, 404]', '{\"type\": \"range\", \"range\": [1, 5]}'", HelpName = "JSON" };
        var command = new Command("probe", "Look once, and print what is seen as JSON; exit code 99 if nothing is, or it will not do") { kind, arguments, tolerance };
        command.SetAction(async (parsed, _) =>
        {
            var output = new ExperimentOutput(json: false, quiet: true);
            var read = LineExperiment.Probe(parsed.GetRequiredValue(kind), parsed.GetValue(arguments) ?? [], parsed.GetValue(tolerance));
            if (read.Experiment is not { } experiment)
                return output.Problems(read.Problems);
            using var signals = new StopSignals();
            var outcome = await new ExperimentRunner(LookingWorld.Of(time)).RunAsync(experiment, ChaosPlace.By, signals.Token);
            return Told(outcome);
        });
        return command;
    }

    private static int Told(ExperimentOutcome outcome)
    {
        var entry = outcome.Journal["run"]![0]!;
        Console.WriteLine(entry["output"]?.ToJsonString() ?? "null");
        if (outcome.Status == ExperimentStatus.Interrupted)
            return ExitCodes.Interrupted;
        var problem = (string?)entry["exception"]?[0] ?? (string?)entry["deviation"];
        if (problem is null)
            return ExitCodes.Ok;
        Console.Error.WriteLine(problem);
        return ExitCodes.NotHeld;
    }
}
