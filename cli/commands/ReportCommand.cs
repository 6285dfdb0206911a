using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure report DIR</c>: writes the reports of a run folder anew, also of an interrupted run.</summary>
internal static class ReportCommand
{
    public static Command Create(string description = "Write the reports of a run folder anew, also of an interrupted run")
    {
        var folder = new Argument<string>("DIR") { Description = "Run folder" };
        var language = SharedOptions.Language();
        var noReport = SharedOptions.NoReport();
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var command = new Command("report", description) { folder, language, noReport, json, quiet };
        command.SetAction(async (parsed, _) =>
        {
            var output = new RunOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            var path = parsed.GetRequiredValue(folder);
            if (!RunFolder.Exists(path))
                return output.Invalid($"{path} is not a run folder (it has no {RunFolder.ManifestFile}).", "Name a folder that `pressure run` has written.");
            using var signals = new StopSignals();
            try
            {
                var write = !parsed.GetValue(noReport);
                var (summary, files) = await ReportWriter.WriteAsync(path, new ReportOptions(parsed.GetValue(language), write, write), signals.Token);
                output.Finish(new RunOutcome(summary, files, path));
                return summary.ExitCode;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                return output.Invalid($"Cannot report on {path}: {e.Message}", "Check the folder and its rights.");
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Interrupted;
            }
        });
        return command;
    }
}
