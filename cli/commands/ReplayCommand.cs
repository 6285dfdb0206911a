using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Replay;
using Pressure.Cli.Workers;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure replay CAPTURE...</c>, or <c>--agent NAME</c>: captured traffic, sent again, or what passes meanwhile; a plan made of options, and run like any other.</summary>
internal static class ReplayCommand
{
    public static Command Create(TimeProvider time)
    {
        var captures = new Argument<string[]>("CAPTURE") { Description = "Files of captured traffic: ours, pcap, pcapng, HAR or .gor", Arity = ArgumentArity.ZeroOrMore };
        var live = new LiveReplayOptions();
        var options = new ReplayOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be sent and what skipped, and send nothing" };
        var outFolder = SharedOptions.Out("Folder for the run (default: runs/<time>-<name>)");
        var noReport = SharedOptions.NoReport();
        var language = SharedOptions.Language();
        var allow = SharedOptions.Allow();
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var export = ExportOptions.Create();
        var crew = new CrewArguments();
        var command = new Command("replay", "Send captured traffic again, at its own timing or another, to a test system") { captures };
        live.AddTo(command);
        options.AddTo(command);
        crew.AddTo(command);
        foreach (var option in new Option[] { dryRun, outFolder, noReport, language, allow, export, json, quiet })
            command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var output = new RunOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            var problems = new List<OptionProblem>();
            var draft = live.Draft(parsed, options.Draft(parsed, parsed.GetValue(captures) ?? [], live.IsAsked(parsed) ? live.NameOf(parsed) : null, problems), problems);
            if (draft.Captures.Count == 0 && !live.IsAsked(parsed))
                return output.Problems(problems);
            var read = PlanReader.ParseIn(Environment.CurrentDirectory, PlanWriter.ToYaml(draft), "plan");
            problems.AddRange(read.Problems.Select(p => options.InTheirWords(p, live)));
            var workers = crew.Read(parsed, plan: null, problems);
            if (workers is not null && live.IsAsked(parsed))
                problems.Add(new("--workers", "can't share what passes meanwhile", "Leave it away, or make a capture first and replay that."));
            if (problems.Count > 0)
                return output.Problems(problems);
            var guard = new TargetGuard(parsed.GetValue(allow) ?? []);
            var refusals = guard.Refusals(read.Plan!);
            if (refusals.Count > 0)
                return output.Refused(refusals);
            var (targets, problem) = ExportOptions.Read(parsed.GetValue(export) ?? []);
            if (problem is not null)
                return output.Invalid(problem, "Nothing was run.");
            var (opened, unprepared) = await ReplayOpening.OpenAsync(read.Plan!, "plan", live.Service(parsed), output, time, willRun: !parsed.GetValue(dryRun));
            if (opened is null)
                return unprepared.Count > 0 ? output.Problems([.. unprepared.Select(p => options.InTheirWords(p, live))]) : ExitCodes.Interrupted;
            using var prepared = opened;
            if (parsed.GetValue(dryRun))
                return ReplayPreview.Show(prepared, parsed.GetValue(json));
            var writeReports = !parsed.GetValue(noReport);
            var reports = new ReportOptions(parsed.GetValue(language), Html: writeReports, Pdf: writeReports);
            return await new PlanRunner(guard, reports, output, time) { ExportTo = targets, Workers = workers, Allow = parsed.GetValue(allow) ?? [], Offered = workers is null ? null : OfferedCaptures.Of(draft) }.RunAsync(read with { Plan = prepared.Plan }, "plan", live.Service(parsed), parsed.GetValue(outFolder), prepared);
        });
        return command;
    }
}
