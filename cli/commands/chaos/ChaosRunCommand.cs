using System.CommandLine;
using Pressure.Chaos;
using Pressure.Cli.Chaos;
using Pressure.Cli.ConsoleOutput;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos run FILE</c>: runs an experiment as a drill, or beside the load that it names.</summary>
internal static class ChaosRunCommand
{
    public static Command Create(TimeProvider time)
    {
        var file = ChaosOptions.File();
        var outFolder = SharedOptions.Out("Folder for the record (default: runs/<time>-<title>)");
        var seed = ChaosOptions.Seed();
        var service = ChaosOptions.Service();
        var allow = SharedOptions.Allow();
        var noReport = SharedOptions.NoReport();
        var language = SharedOptions.Language();
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var command = new Command("run", "Run an experiment: hypothesis, faults, undoing, hypothesis. Ctrl-C undoes everything") { file, outFolder, seed, service, allow, noReport, language, json, quiet };
        command.SetAction(async (parsed, _) =>
        {
            var (asJson, isQuiet) = (parsed.GetValue(json), parsed.GetValue(quiet));
            var output = new ExperimentOutput(asJson, isQuiet);
            var read = ExperimentReader.ReadFile(parsed.GetRequiredValue(file), Environment.GetEnvironmentVariable);
            if (read.Experiment is not { } experiment)
                return output.Problems(read.Problems);
            output.Notices(experiment);
            var writes = !parsed.GetValue(noReport);
            var reports = new ReportOptions(parsed.GetValue(language), writes, writes);
            if (experiment.Settings.Load is not null)
            {
                return await new LoadedDrill(new TargetGuard(parsed.GetValue(allow) ?? []), reports, new RunOutput(asJson, isQuiet), time)
                    .RunAsync(experiment, parsed.GetRequiredValue(file), parsed.GetValue(seed), parsed.GetValue(service), parsed.GetValue(outFolder));
            }
            return await new DrillRun(output, isShown: !asJson && !isQuiet, time) { Seed = parsed.GetValue(seed), Service = parsed.GetValue(service) }
                .RecordedAsync(experiment, parsed.GetValue(outFolder), reports);
        });
        return command;
    }
}
