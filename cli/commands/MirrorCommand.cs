using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Mirror;
using Pressure.Cli.Replay;
using Pressure.Faults;
using Pressure.LoadGen;
using Pressure.Mirror;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure mirror</c>: a gateway in front of production that sends copies of its traffic to a test system.</summary>
internal static class MirrorCommand
{
    public static Command Create(TimeProvider time)
    {
        var options = new MirrorOptions();
        var record = new MirrorRecordOptions();
        var lasts = new Option<string?>("--for") { Description = "End after this time (default: with Ctrl-C)", HelpName = "TIME" };
        var report = new MirrorReportOptions();
        var allow = SharedOptions.Allow();
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var command = new Command("mirror", "Put a gateway in front of production that sends copies of its traffic to a test system, and costs production nothing");
        options.AddTo(command);
        record.AddTo(command);
        report.AddTo(command);
        foreach (var option in new Option[] { lasts, allow, json, quiet })
            command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var output = new MirrorOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            var problems = new List<OptionProblem>();
            var plan = options.Read(parsed, time, problems);
            var recording = record.Read(parsed, problems);
            var session = report.Read(parsed, problems);
            TimeSpan? duration = parsed.GetValue(lasts) is { } text ? Lasts(lasts.Name, text, problems) : null;
            if (!options.HasCopy(parsed) && !record.IsAsked(parsed))
                problems.Add(new("--copy", "There is nothing to do", "Name a test target, or a capture with --record."));
            if (plan is null || problems.Count > 0)
                return output.Problems(problems);
            var refusals = Refusals(plan, new TargetGuard(parsed.GetValue(allow) ?? []));
            return refusals.Count > 0 ? output.Refused(refusals) : await new MirrorRun(plan, recording, session, duration, output, time).RunAsync();
        });
        return command;
    }

    private static TimeSpan? Lasts(string option, string text, List<OptionProblem> problems)
    {
        var duration = FaultArguments.Duration(text);
        if (duration is null)
            problems.Add(new(option, $"'{text}' is no time up to a day", "Write a time such as 10m."));
        return duration;
    }

    /// <summary>Copies are load that the target's owner has to agree to, like any other. Production gets nothing that it would not get anyway.</summary>
    private static List<string> Refusals(MirrorPlan plan, TargetGuard guard) =>
    [
        .. new[] { plan.Copy, plan.Secondary }.OfType<Uri>().Where(url => !guard.Allows(url)).Select(url => url.Host).Distinct()
            .Select(host => $"Host {host} is neither this machine nor in the allow-list. If it is yours to send copies to, run with --allow {host}."),
    ];
}
