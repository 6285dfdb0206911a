using System.CommandLine;
using Pressure.Chaos;
using Pressure.Cli.ConsoleOutput;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos export FILE</c>: the experiment for other tools of the format, on standard output or into a file.</summary>
internal static class ChaosExportCommand
{
    public static Command Create()
    {
        var file = ChaosOptions.File();
        var to = new Option<string?>("--out", "-o") { Description = "File to write (default: standard output)", HelpName = "FILE" };
        var command = new Command("export", "Write an experiment as JSON that other tools of the format can run: our faults and probes become calls of this program") { file, to };
        command.SetAction(parsed =>
        {
            var output = new ExperimentOutput(json: false, quiet: false);
            var read = ExperimentReader.ReadFile(parsed.GetRequiredValue(file), Environment.GetEnvironmentVariable);
            if (read.Experiment is not { } experiment)
                return output.Problems(read.Problems);
            var text = ExperimentWriter.Export(experiment);
            if (parsed.GetValue(to) is not { } path)
            {
                Console.Write(text);
                return ExitCodes.Ok;
            }
            try
            {
                File.WriteAllText(path, text);
                return ExitCodes.Ok;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return output.Invalid($"Cannot write {path}: {e.Message}", "Name a file that you may write.");
            }
        });
        return command;
    }
}
