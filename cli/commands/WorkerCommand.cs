using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Replay;
using Pressure.Cli.Workers;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure worker</c>: makes shares of runs that are started elsewhere.</summary>
internal static class WorkerCommand
{
    public static Command Create(TimeProvider time)
    {
        var arguments = new WorkerArguments();
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var command = new Command("worker", "Make a share of runs that are started elsewhere (pressure run PLAN --workers N --broker URL)");
        arguments.AddTo(command);
        command.Options.Add(json);
        command.Options.Add(quiet);
        command.SetAction(async (parsed, _) =>
        {
            var output = new WorkerOutput(parsed.GetValue(json), parsed.GetValue(quiet), time);
            var problems = new List<OptionProblem>();
            return arguments.Read(parsed, problems) is { } order ? await new WorkerRunner(order, output, time).RunAsync() : output.Problems(problems);
        });
        return command;
    }
}
