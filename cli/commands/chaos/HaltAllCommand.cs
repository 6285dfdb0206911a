using System.CommandLine;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos halt-all</c> and <c>resume</c>: the global stop.</summary>
internal static class HaltAllCommand
{
    public static Command Create(TimeProvider time)
    {
        var why = new Option<string>("--why") { Description = "The reason, for those who meet the stop", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var json = SharedOptions.Json();
        var command = new Command("halt-all", "Undo everything and strike nothing any more, until 'resume'. Outranks everything; works without the service") { why, json };
        command.SetAction((parsed, _) => ChaosPlace.RunAsync(time, parsed.GetValue(json), async (place, output) =>
        {
            place.Halt.Set(new Halt(ChaosPlace.By, time.GetUtcNow(), parsed.GetValue(why)!));
            // Whoever keeps the log locked must not keep faults from being undone.
            var told = Task.Run(() => place.TellAsync("halt", Environment.MachineName, "halted", parsed.GetValue(why)!));
            output.Say(place.Halt.Read()!.ToString());
            var code = await place.RevertAsync(_ => true, "halt-all", output);
            await told;
            return code;
        }));
        return command;
    }

    public static Command CreateResume(TimeProvider time)
    {
        var json = SharedOptions.Json();
        var command = new Command("resume", "Lift the global stop of 'halt-all'; what was undone stays undone") { json };
        command.SetAction((parsed, _) => ChaosPlace.RunAsync(time, parsed.GetValue(json), async (place, output) =>
        {
            var lifted = place.Halt.Lift();
            if (lifted)
                await place.TellAsync("resume", Environment.MachineName, "lifted", "");
            return output.Resumed(lifted);
        }));
        return command;
    }
}
