using System.CommandLine;
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
            using var signals = new StopSignals();
            // A signal that ends the service's whole group must not end who is to tell of it: that one ends when the service does.
            var isPiped = parsed.GetValue(piped);
            var end = isPiped ? GoodbyeAsync(Console.In) : new TaskCompletionSource<bool>().Task;
            try
            {
                return await watcher.RunAsync(end, isPiped ? CancellationToken.None : signals.Token) ? ExitCodes.Ok : ExitCodes.InternalError;
            }
            catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
            {
                return ExitCodes.Ok;
            }
        });
        return command;
    }

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
