using System.CommandLine;
using Pressure.Chaos;
using Pressure.Cli.ConsoleOutput;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos validate FILE</c>: everything that is wrong with an experiment, at once.</summary>
internal static class ChaosValidateCommand
{
    public static Command Create()
    {
        var file = ChaosOptions.File();
        var json = SharedOptions.Json();
        var command = new Command("validate", "Check an experiment without running it: every problem with its line") { file, json };
        command.SetAction(parsed =>
        {
            var output = new ExperimentOutput(parsed.GetValue(json), quiet: false);
            var path = parsed.GetRequiredValue(file);
            var read = ExperimentReader.ReadFile(path, Environment.GetEnvironmentVariable);
            return read.Experiment is { } experiment ? output.Valid(path, experiment) : output.Problems(read.Problems);
        });
        return command;
    }
}
