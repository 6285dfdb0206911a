using System.CommandLine;
using System.CommandLine.Parsing;
using Pressure.Cli.Commands;

namespace Pressure.Cli;

/// <summary>The command's arguments: what there is, and what is said to those that can't be understood.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Pressure: can this system carry the traffic we expect? Load, host load and faults on one timeline, one verdict, one PDF.")
        {
            RunCommand.Create(TimeProvider.System),
            ReplayCommand.Create(TimeProvider.System),
            PvCommand.Create(),
            CtlCommand.Create(TimeProvider.System),
            ChaosCommand.Create(TimeProvider.System),
            AuditCommand.Create(),
            InitCommand.Create(),
            ImportCommand.Create(),
            CaptureCommand.Create(TimeProvider.System),
            MirrorCommand.Create(TimeProvider.System),
            WorkerCommand.Create(TimeProvider.System),
            ServeCommand.Create(TimeProvider.System),
            WatchCommand.Create(TimeProvider.System),
            ReportCommand.Create(),
            DemoCommand.Create(TimeProvider.System),
            DemoCommand.Keeper(),
        };

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"See: pressure {PathOf(parsed.CommandResult)}--help");
            return ExitCodes.InvalidInput;
        }

        try
        {
            // Commands handle Ctrl-C themselves: a run that is stopped still writes its reports.
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync($"Internal error, please report it: {e}");
            return ExitCodes.InternalError;
        }
    }

    /// <summary>The words that lead to a command, without the first: <c>chaos fault </c>.</summary>
    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)}{command.Command.Name} " : "";
}
