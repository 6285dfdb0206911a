using System.CommandLine;
using Pressure.Chaos;
using Pressure.Cli.Chaos;
using Pressure.Cli.ConsoleOutput;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos run FILE</c>: runs an experiment as a drill, without load.</summary>
internal static class ChaosRunCommand
{
    public static Command Create(TimeProvider time)
    {
        var file = ChaosOptions.File();
        var outFolder = SharedOptions.Out("Folder for the record (default: runs/<time>-<title>)");
        var seed = ChaosOptions.Seed();
        var service = ChaosOptions.Service();
        var noReport = SharedOptions.NoReport();
        var language = SharedOptions.Language();
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var command = new Command("run", "Run an experiment: hypothesis, faults, undoing, hypothesis. Ctrl-C undoes everything") { file, outFolder, seed, service, noReport, language, json, quiet };
        command.SetAction(async (parsed, _) =>
        {
            var (asJson, isQuiet) = (parsed.GetValue(json), parsed.GetValue(quiet));
            var output = new ExperimentOutput(asJson, isQuiet);
            var read = ExperimentReader.ReadFile(parsed.GetRequiredValue(file), Environment.GetEnvironmentVariable);
            if (read.Experiment is not { } experiment)
                return output.Problems(read.Problems);
            output.Notices(experiment);
            var writes = !parsed.GetValue(noReport);
            return await new DrillRun(output, isShown: !asJson && !isQuiet, time) { Seed = parsed.GetValue(seed), Service = parsed.GetValue(service) }
                .RecordedAsync(experiment, parsed.GetValue(outFolder), new ReportOptions(parsed.GetValue(language), writes, writes));
        });
        return command;
    }
}
