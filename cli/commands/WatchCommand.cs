using System.CommandLine;
using System.Runtime.InteropServices;
using Pressure.Web.Watch;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure watch URL</c>: watches over a service and tells when it is not well.</summary>
internal static class WatchCommand
{
    public static Command Create(TimeProvider time)
    {
        var service = new Argument<string>("URL") { Description = "The service's address" };
        var options = new NotifyOptions();
        var piped = new Option<bool>("--until-stdin-closes") { Description = "End with the process that started this one: a line 'goodbye' and then the end of input is an orderly end, the end alone is a death", Hidden = true };
        var command = new Command("watch", "Watch over a service, and tell when it has died, does not answer or is not healthy") { service, piped };
        options.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var (watch, problem) = options.Read(parsed, parsed.GetRequiredValue(service));
            if (watch is { Notify: null, Alive: null })
                problem = "watch needs somebody to tell: --notify WEBHOOK, or --alive URL, or a file with the webhook: --notify-file FILE.";
            if (watch is null || problem is not null)
            {
                await Console.Error.WriteLineAsync(problem);
                return ExitCodes.InvalidInput;
            }
            using var watcher = new Watcher(watch, time, Console.Error);
            // Signals that end the service's whole group must not end who is to tell of it, however many they are: that one ends when the service does.
            if (parsed.GetValue(piped))
            {
                using var interrupt = Ignore(PosixSignal.SIGINT);
                using var terminate = Ignore(PosixSignal.SIGTERM);
                return await watcher.RunAsync(GoodbyeAsync(Console.In), CancellationToken.None) ? ExitCodes.Ok : ExitCodes.InternalError;
            }
            using var signals = new StopSignals();
            try
            {
                return await watcher.RunAsync(new TaskCompletionSource<bool>().Task, signals.Token) ? ExitCodes.Ok : ExitCodes.InternalError;
            }
            catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
            {
                return ExitCodes.Ok;
            }
        });
        return command;
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) => PosixSignalRegistration.Create(signal, context => context.Cancel = true);

    /// <summary>Reads up to the end; tells whether a goodbye came before it.</summary>
    private static async Task<bool> GoodbyeAsync(TextReader input)
    {
        // Console input is read on a thread of its own, since it blocks.
        return await Task.Factory.StartNew(
            () =>
            {
                var goodbye = false;
                while (input.ReadLine() is { } line)
                    goodbye |= line == WatcherProcess.Goodbye;
                return goodbye;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }
}
