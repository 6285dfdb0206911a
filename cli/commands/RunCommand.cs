using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Replay;
using Pressure.Cli.Workers;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure run PLAN</c></summary>
internal static class RunCommand
{
    public static Command Create(TimeProvider time)
    {
        var plan = new Argument<string?>("PLAN") { Description = "Plan file, YAML or JSON (none with --resume)", Arity = ArgumentArity.ZeroOrOne };
        var outFolder = SharedOptions.Out("Folder for the run (default: runs/<time>-<name>)");
        var noReport = SharedOptions.NoReport();
        var language = SharedOptions.Language();
        var allow = SharedOptions.Allow();
        var service = new Option<string?>("--service") { Description = "The service whose agents watch the plan's hosts (default: $PRESSURE_SERVICE, or http://127.0.0.1:5100)", HelpName = "URL" };
        var once = new Option<bool>("--once") { Description = "Send each request of the plan once, show the answers, and press nothing" };
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var export = ExportOptions.Create();
        var crew = new CrewArguments();
        var resume = new Option<string?>("--resume") { Description = "Go on with the run of a folder whose coordinator is gone; its workers are reached with --broker", HelpName = "DIR" };
        var command = new Command("run", "Press a target as a plan says, and judge it") { plan, outFolder, noReport, language, allow, service };
        crew.AddTo(command);
        foreach (var option in new Option[] { resume, export, once, json, quiet })
            command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var output = new RunOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            var writeReports = !parsed.GetValue(noReport);
            var options = new ReportOptions(parsed.GetValue(language), Html: writeReports, Pdf: writeReports);
            var wrong = new List<OptionProblem>();
            if (parsed.GetValue(resume) is { } folder)
                return await ResumeAsync(folder);
            if (parsed.GetValue(plan) is not { } file)
                return output.Invalid("No plan is named.", "Name a plan file, or the folder of a run to go on with: --resume DIR.");
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
            var order = crew.Read(parsed, read.Plan.Workers, wrong);
            if (wrong.Count > 0)
                return output.Problems(wrong);
            return await new PlanRunner(guard, options, output, time) { ExportTo = targets, Workers = order, Allow = parsed.GetValue(allow) ?? [] }.RunAsync(read, file, parsed.GetValue(service), parsed.GetValue(outFolder));

            async Task<int> ResumeAsync(string folder)
            {
                if (parsed.GetValue(plan) is not null)
                    wrong.Add(new(resume.Name, "stands beside a plan, but the run's folder has its own", "Leave the plan away."));
                return crew.Broker(parsed, wrong) is { } broker && wrong.Count == 0 ? await new RunResumer(options, output, time).RunAsync(folder, broker) : output.Problems(wrong);
            }
        });
        return command;
    }
}
