using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure run PLAN</c></summary>
internal static class RunCommand
{
    public static Command Create(TimeProvider time)
    {
        var plan = new Argument<string>("PLAN") { Description = "Plan file, YAML or JSON" };
        var outFolder = SharedOptions.Out("Folder for the run (default: runs/<time>-<name>)");
        var noReport = SharedOptions.NoReport();
        var language = SharedOptions.Language();
        var allow = SharedOptions.Allow();
        var service = new Option<string?>("--service") { Description = "The service whose agents watch the plan's hosts (default: $PRESSURE_SERVICE, or http://127.0.0.1:5100)", HelpName = "URL" };
        var once = new Option<bool>("--once") { Description = "Send each request of the plan once, show the answers, and press nothing" };
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var export = ExportOptions.Create();
        var command = new Command("run", "Press a target as a plan says, and judge it") { plan, outFolder, noReport, language, allow, service, export, once, json, quiet };
        command.SetAction(async (parsed, _) =>
        {
            var output = new RunOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            var file = parsed.GetRequiredValue(plan);
            var read = PlanReader.ReadFile(file);
            if (read.Plan is null)
                return output.Problems(read.Problems);
            var guard = new TargetGuard(parsed.GetValue(allow) ?? []);
            var refusals = guard.Refusals(read.Plan);
            if (refusals.Count > 0)
                return output.Refused(refusals);
            var (targets, problem) = ExportOptions.Read(parsed.GetValue(export) ?? []);
            if (problem is not null)
                return output.Invalid(problem, "Nothing was run.");
            if (parsed.GetValue(once) && ReplayPreparation.IsNeeded(read.Plan))
                return output.Invalid("A replay has no requests of its own to try.", "See what it would send with pressure replay CAPTURE --target URL --dry-run.");
            if (parsed.GetValue(once))
                return await OnceRunner.RunAsync(read.Plan, guard, output);
            var writeReports = !parsed.GetValue(noReport);
            var options = new ReportOptions(parsed.GetValue(language), Html: writeReports, Pdf: writeReports);
            return await new PlanRunner(guard, options, output, time) { ExportTo = targets }.RunAsync(read, file, parsed.GetValue(service), parsed.GetValue(outFolder));
        });
        return command;
    }
}
